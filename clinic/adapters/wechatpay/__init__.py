"""WeChat Pay APIv3: signed calls and callbacks for a direct merchant."""
