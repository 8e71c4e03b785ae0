// What stands in for the data of Foundation's ICU where Foundation is linked statically: 34 MB of locales, calendars,
// collations and transliterations, half of the program, that PinGate has no use for. What it asks of ICU (letters, digits,
// cases, Unicode's normal forms) are tables in ICU's code.
//
// A linker that has found `icudt76_dat` here does not take the object of lib_FoundationICU.a that has it and nothing else.
// Whatever does ask for data gets ICU's U_MISSING_RESOURCE_ERROR, as with ICU's own stubdata.cpp, which this follows.
//
// Hidden: a Foundation that is a shared library, as in debug builds, keeps its own.

#include <stdint.h>

// DataHeader and UDataInfo of ICU's ucmndata.h and unicode/udata.h, and an empty table of contents (UDataPointerTOC).
struct EmptyICUData {
  uint16_t headerSize;
  uint8_t magic[2];
  uint16_t infoSize;
  uint16_t infoReserved;
  uint8_t isBigEndian;
  uint8_t charsetFamily;
  uint8_t sizeofUChar;
  uint8_t reserved;
  uint8_t dataFormat[4];
  uint8_t formatVersion[4];
  uint8_t dataVersion[4];
  uint8_t padding[8];
  uint32_t count;
  uint32_t countReserved;
};
_Static_assert(sizeof(struct EmptyICUData) == 40, "a header of 32 bytes and a count");

// The name has ICU's version in it: Swift 6.2 and 6.3 have 76. With another the program has ICU's own data, and is bigger;
// the test of its size tells.
__attribute__((visibility("hidden"), aligned(16))) const struct EmptyICUData icudt76_dat = {
    .headerSize = 32,
    .magic = {0xda, 0x27},
    .infoSize = 20,
    .isBigEndian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
    .sizeofUChar = 2,
    .dataFormat = {'T', 'o', 'C', 'P'},
    .formatVersion = {1},
};
