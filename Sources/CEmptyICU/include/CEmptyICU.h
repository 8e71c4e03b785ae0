// Nothing to call: the module is linked for the sake of the data that it defines (EmptyICUData.c).
