"""Alipay open platform with RSA2: signed calls, believed answers, notifications, bills."""
