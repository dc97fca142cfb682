"""Numbers of medical records and how long they are kept."""

from typing import Final

RECORD_KEPT_YEARS: Final = 15  # outpatient records, 医疗机构病历管理规定 art. 29
DIALOGUE_KEPT_YEARS: Final = 3  # process data of online care, 互联网诊疗监管细则 2022
RECORD_SIGN_MAX_CHARS: Final = 500  # tongue and pulse, each
RECORD_MAX_DIAGNOSES: Final = 10
RECORD_TOKEN_CHARS: Final = 22  # base 62: 131 bits, nobody guesses a printed copy
RECORD_PRINT_RATE: Final = "20/m"  # a page costs a second of work
RECORD_VERIFY_RATE: Final = "30/m"  # per address
ADDENDUM_MAX_CHARS: Final = 2000
ADDENDUM_REASON_MAX_CHARS: Final = 200
ADDENDA_MAX: Final = 20  # of one record
RETENTION_BATCH: Final = 200  # conversations or records in one transaction
