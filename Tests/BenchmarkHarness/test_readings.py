"""What other programs print, and what is made of it."""

from pathlib import Path

from bench import guards, linker_map, machine, memory
from bench.load import Load
from bench.pace import Pace
from bench.store import StoreLoad

WRK = (
    '{"good":4000,"wrong":0,"all_wrong":0,"statuses":"","connect":0,"read":0,"write":0,"timeout":0,'
    '"ran_out_after":-1.000,"p50_us":1500,"p99_us":9000}'
)


def test_only_right_answers_within_the_time_make_the_rate() -> None:
    assert Load.of(WRK, seconds=2, warm_up=1) == Load(2000, 0, 0.0015, 0.009)


def test_whatever_went_wrong_is_counted_the_warm_up_too() -> None:
    line = WRK.replace('"all_wrong":0,"statuses":""', '"all_wrong":3,"statuses":"3 status 503"').replace(
        '"timeout":0', '"timeout":2'
    )
    load = Load.of(line, seconds=2, warm_up=1)
    assert load.errors == 5
    assert load.detail == "2 timeout, 3 wrong answers (3 status 503)"


def test_a_load_that_had_nothing_left_to_ask_for_ends_its_time_there() -> None:
    line = WRK.replace("-1.000", "2.000").replace('"all_wrong":0', '"all_wrong":900')
    load = Load.of(line, seconds=4, warm_up=1)
    assert load.rate == 4000
    assert load.errors == 0


def test_the_pace_is_read() -> None:
    line = '{"answers":2000,"errors":1,"p50_us":260,"p90_us":500,"p99_us":2000,"max_us":5000}\n'
    assert Pace.of(line) == Pace(2000, 1, 0.00026, 0.002)


def test_processes_at_one_store_are_added_up_and_the_slowest_counts() -> None:
    lines = [
        '{"operations":1000,"seconds":2.0,"failures":1,"p50_us":10,"p99_us":50}',
        '{"operations":3000,"seconds":2.0,"failures":0,"p50_us":20,"p99_us":30}',
    ]
    assert StoreLoad.of(lines) == StoreLoad(2000, 1, 20e-6, 50e-6)


def test_the_proportional_set_size_is_read() -> None:
    assert (
        memory.pss_of("55d8-7ffc ---p 00000000 00:00 0 [rollup]\nRss: 900 kB\nPss:  200 kB\nPss_Anon: 1 kB\n")
        == 204_800
    )


def test_a_program_is_made_of_what_the_linker_says() -> None:
    text = """             VMA              LMA     Size Align Out     In      Symbol
               0                0  1000000    16 .rodata
               0                0  1000000    16         /swift/lib/swift_static/linux/lib_FoundationICU.a(icu_packaged_data.cpp.o):(.rodata)
         151818e          151818e      362    16 .text
         151818e          151818e      262    16         /site/.build/release/ArgumentParser.build/ParsableArguments.swift.o:(.text.unlikely.)
         15183f0          15183f0      100    16         /site/.build/release/Site.build/Site.swift.o:(.text)
         15183f0          15183f0       80     1                 $s4Site
         1518500          1518500       20     8         <internal>:(.got)
         4353f40          4353f40     e000    16 .bss
         4353f40          4353f40     e000    16         /site/.build/release/Site.build/Site.swift.o:(.bss)
"""
    assert linker_map.sizes(text.splitlines(keepends=True)) == {
        "Unicode data and functions of Foundation (ICU)": 0x1000000,
        "swift-argument-parser": 0x262,
        "PinGate itself": 0x100,
    }


def test_the_machine_is_read() -> None:
    assert machine.processor("processor\t: 0\nmodel name\t: AMD EPYC\nmodel name\t: other\n") == "AMD EPYC"
    assert machine.memory("MemTotal:       24617216 kB\nMemFree: 1 kB\n") == 24617216 * 1024
    mounts = "/dev/vda / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n"
    assert machine.file_system(mounts, Path("/tmp/x")) == "tmpfs"
    assert machine.file_system(mounts, Path("/var/tmp")) == "ext4"


SOCKETS = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:A001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1
   2: 0100007F:A002 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 20 4 30 10 -1
   3: 0100007F:1F90 0100007F:A001 01 00000000:00000000 00:00000000 00000000     0        0 4 1 0 20 4 30 10 -1
   4: 0100007F:A003 0100007F:1F90 06 00000000:00000000 00:00000000 00000000     0        0 0 3 0
   5: 0100007F:A004 0100007F:1F91 01 00000000:00000000 00:00000000 00000000     0        0 5 1 0 20 4 30 10 -1
"""


def test_connections_are_counted_at_one_end_and_while_they_are_open() -> None:
    assert [guards.connections(SOCKETS, port) for port in (8080, 8081, 8082)] == [2, 1, 0]
