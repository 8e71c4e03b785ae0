// What stands in for ICU's data file (31 MB) when ICU is linked statically: a table of contents with no entries, as
// ICU's own stubdata.cpp is. libphonenumber uses ICU for regular expressions, and these need only the properties of
// characters, which are compiled into ICU's code. Tests/Differential is the proof.
#ifdef PINGATE_STATIC_ICU

#include <stdint.h>
#include <unicode/udata.h>

typedef struct {
  uint16_t headerSize;
  uint8_t magic1, magic2;
  UDataInfo info;
  char padding[8];
  uint32_t count, reserved;
  int32_t entries[4];
} EmptyData;

__attribute__((visibility("hidden"), aligned(16))) const EmptyData U_ICUDATA_ENTRY_POINT = {
  .headerSize = 32,
  .magic1 = 0xDA,
  .magic2 = 0x27,
  .info = {
    .size = sizeof(UDataInfo),
    .isBigEndian = U_IS_BIG_ENDIAN,
    .charsetFamily = U_CHARSET_FAMILY,
    .sizeofUChar = U_SIZEOF_UCHAR,
    .dataFormat = { 'T', 'o', 'C', 'P' },
    .formatVersion = { 1, 0, 0, 0 },
  },
};

#endif
