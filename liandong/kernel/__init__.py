"""地基 kernel: what every room stands on. It knows no word of the field."""
