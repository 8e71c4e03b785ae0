internal import Program

Program.main()
