// The world's numbering plan, newer than the library.
//
// libphonenumber asks two functions for its metadata (metadata.h, which is not installed), and Debian's has data of 2022
// in an object file of their own. Where the library is linked statically the functions below are found before that file,
// which is left out; a shared library calls them in its place, for it looks the names up and the program's come first.
//
// The data are those of Google's libphonenumber (Copyright (C) The Libphonenumber Authors; Apache License, Version 2.0),
// made from the phonenumbers package of the release named in MetadataVersion.h by scripts/numbering-plan.py.

#include "CPhoneNumber.h"
#include "MetadataVersion.h"

namespace {

const unsigned char data[] = {
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif
#embed "Metadata.bin"
#ifdef __clang__
#pragma clang diagnostic pop
#endif
};

} // namespace

namespace i18n {
namespace phonenumbers {

int metadata_size() { return sizeof data; }

const void *metadata_get() { return data; }

} // namespace phonenumbers
} // namespace i18n

const char *pingate_phone_metadata_version(void) { return PINGATE_METADATA_VERSION; }
