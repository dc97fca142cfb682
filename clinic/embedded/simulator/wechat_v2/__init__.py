"""WeChat Pay v2 (XML, MD5 or HMAC-SHA256) as its merchants meet it."""
