"""Lists and plans as spreadsheets: XLSX and CSV, written out and read back."""
