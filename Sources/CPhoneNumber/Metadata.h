#ifndef PINGATE_METADATA_H
#define PINGATE_METADATA_H

// The numbering plan in the program, and the part of it that the library gets.
//
// The plan is a serialized PhoneMetadataCollection (phonemetadata.proto of libphonenumber): a sequence of regions, each a
// message of its own behind its tag and length (protobuf.dev, "Encoding").

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pingate {

// One region of the plan.
struct Region {
  // Its entry in the data: tag, length and message.
  std::string_view entry;
  // "AT"; "001" for a calling code that belongs to no country.
  std::string_view id;
  int callingCode = 0;
};

// All regions of the plan, in its order.
std::vector<Region> regionsOfPlan();

// Gives the library other data for as long as it lives, in this thread.
class MetadataInPlace {
public:
  // The data must outlive it.
  explicit MetadataInPlace(const std::string &data);
  ~MetadataInPlace();
  MetadataInPlace(const MetadataInPlace &) = delete;
  MetadataInPlace &operator=(const MetadataInPlace &) = delete;
};

} // namespace pingate

#endif
