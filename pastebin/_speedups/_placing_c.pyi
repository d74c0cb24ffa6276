from pastebin._speedups._placing_py import place_all as place_all
