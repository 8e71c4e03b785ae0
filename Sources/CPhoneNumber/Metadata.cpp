// The world's numbering plan, newer than the library.
//
// libphonenumber asks two functions for its metadata (metadata.h, which is not installed), and Debian's has data of 2022
// in an object file of their own. Where the library is linked statically the functions below are found before that file,
// which is left out; a shared library calls them in its place, for it looks the names up and the program's come first.
//
// The data are those of Google's libphonenumber (Copyright (C) The Libphonenumber Authors; Apache License, Version 2.0),
// made from the phonenumbers package of the release named in MetadataVersion.h by scripts/numbering-plan.py.

#include "CPhoneNumber.h"
#include "Metadata.h"
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

// What the library is given in place of them.
thread_local const std::string *inPlace = nullptr;

// The fields of a region's message that are looked at here.
enum Field : uint64_t { idField = 9, callingCodeField = 10 };

// Reads what the data are made of. They are the program's own, so nothing is checked.
class Reader {
public:
  explicit Reader(std::string_view rest) : rest(rest) {}

  bool isAtEnd() const { return rest.empty(); }
  size_t left() const { return rest.size(); }

  uint64_t number() {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const unsigned char byte = static_cast<unsigned char>(rest.front());
      rest.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80)
        return value;
    }
  }

  // Text or a message, behind its length.
  std::string_view part() {
    const size_t size = static_cast<size_t>(number());
    const std::string_view part = rest.substr(0, size);
    rest.remove_prefix(size);
    return part;
  }

private:
  std::string_view rest;
};

pingate::Region region(std::string_view entry, std::string_view message) {
  pingate::Region region;
  region.entry = entry;
  for (Reader reader(message); !reader.isAtEnd();) {
    const uint64_t tag = reader.number();
    const bool isNumber = (tag & 7) == 0;
    const uint64_t number = isNumber ? reader.number() : 0;
    const std::string_view part = isNumber ? std::string_view() : reader.part();
    if (tag >> 3 == idField)
      region.id = part;
    else if (tag >> 3 == callingCodeField)
      region.callingCode = static_cast<int>(number);
  }
  return region;
}

} // namespace

namespace pingate {

std::vector<Region> regionsOfPlan() {
  const std::string_view plan(reinterpret_cast<const char *>(data), sizeof data);
  std::vector<Region> regions;
  regions.reserve(300);
  for (Reader reader(plan); !reader.isAtEnd();) {
    const size_t start = plan.size() - reader.left();
    reader.number();
    const std::string_view message = reader.part();
    regions.push_back(region(plan.substr(start, plan.size() - reader.left() - start), message));
  }
  return regions;
}

MetadataInPlace::MetadataInPlace(const std::string &data) { inPlace = &data; }

MetadataInPlace::~MetadataInPlace() { inPlace = nullptr; }

} // namespace pingate

namespace i18n {
namespace phonenumbers {

int metadata_size() { return inPlace ? static_cast<int>(inPlace->size()) : static_cast<int>(sizeof data); }

const void *metadata_get() { return inPlace ? static_cast<const void *>(inPlace->data()) : data; }

} // namespace phonenumbers
} // namespace i18n

const char *pingate_phone_metadata_version(void) { return PINGATE_METADATA_VERSION; }
