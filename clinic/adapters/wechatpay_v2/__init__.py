"""WeChat Pay v2: flat signed XML with MD5 or HMAC-SHA256, for merchants not yet on APIv3."""
