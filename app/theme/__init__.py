"""Design tokens turned into palette, style sheet, fonts and icons; no style sheet lives elsewhere."""
