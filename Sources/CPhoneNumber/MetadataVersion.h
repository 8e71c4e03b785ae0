// Written by scripts/numbering-plan.py.
// The release of the phonenumbers package that Metadata.bin is made from.
#define PINGATE_METADATA_VERSION "9.0.43"
