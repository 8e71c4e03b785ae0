internal import CounterStoreContract
internal import MachineClock
internal import Program

let clock = MachineClock()

// The shipped program, but that it counts in memory, and is under attack.
Program.main { AttackedStore(MemoryStore { clock.now() }) }
