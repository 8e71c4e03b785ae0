"""Where libphonenumber is linked as a shared library (`make STATIC=`), it reads numbers by PinGate's numbering plan, too."""

import subprocess
from pathlib import Path

import phonenumbers

SOURCES = Path(__file__).resolve().parents[2] / "Sources/CPhoneNumber"
PROGRAM = """
#include <cstdio>
#include "CPhoneNumber.h"

int main(int, char **arguments) {
  std::printf("%s %d", pingate_phone_metadata_version(), pingate_phone_read(arguments[1], "ZZ").verdict);
}
"""
VALID, TOO_SHORT = 0, 4


def test_the_shared_library_asks_the_program_for_its_metadata(tmp_path):
    main = tmp_path / "main.cpp"
    main.write_text(PROGRAM)
    program = tmp_path / "program"
    # As Package.swift and the Makefile have it linked.
    linking = "-fuse-ld=lld -Wl,-s,--no-export-dynamic,-z,now -lphonenumber -lpcre2-8".split()
    subprocess.run(
        ["clang++", f"-I{SOURCES}/include", main, *SOURCES.glob("*.cpp"), *linking, "-o", program], check=True)
    needed = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    assert "libphonenumber.so" in needed

    def reading(number):
        return subprocess.run([program, number], capture_output=True, text=True, check=True).stdout

    # Benin has had ten digits since 2024, and the library is of 2022.
    assert reading("+2290195123456") == f"{phonenumbers.__version__} {VALID}"
    assert reading("+22995123456") == f"{phonenumbers.__version__} {TOO_SHORT}"
