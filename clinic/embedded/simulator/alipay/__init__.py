"""The gateway of Alipay as its merchants meet it."""
