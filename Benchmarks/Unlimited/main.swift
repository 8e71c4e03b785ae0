internal import Program

// The shipped program, but that it counts nothing.
Program.main { UnlimitedStore() }
