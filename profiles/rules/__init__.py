"""Rules as data: three-valued conditions over features, in plain Python."""
