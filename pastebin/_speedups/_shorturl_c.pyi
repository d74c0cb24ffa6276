from pastebin._speedups._shorturl_py import ShortCodec as ShortCodec
