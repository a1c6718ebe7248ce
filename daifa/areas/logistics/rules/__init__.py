"""Pure decisions of logistics, each returned with its reasons. One idea per module."""
