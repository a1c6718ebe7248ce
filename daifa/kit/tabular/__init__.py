"""Tables in files: bytes to sheets of rows, rows to bytes, and columns of cells to typed values."""

from daifa.kit.tabular.read import read_file
from daifa.kit.tabular.sheets import Cell, PasswordNeeded, SheetData, UnreadableFile
from daifa.kit.tabular.write import Table, write_csv, write_xlsx

__all__ = [
    "Cell",
    "PasswordNeeded",
    "SheetData",
    "Table",
    "UnreadableFile",
    "read_file",
    "write_csv",
    "write_xlsx",
]
