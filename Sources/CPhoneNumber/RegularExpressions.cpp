// libphonenumber's regular expressions, implemented with PCRE2 instead of ICU.
//
// The library creates its expressions through an abstract factory (regexp_adapter.h), whose implementation is chosen
// when the library is built: Debian's uses ICU, in an object file of its own. If the library is linked statically, the
// linker finds the two functions below first and leaves that file out, and most of ICU with it; a shared library keeps
// its own.
//
// A number of about ten digits is matched against some forty expressions, and ICU makes a matcher and a UTF-16 copy for
// each. The results are the same: the metadata contains only groups, classes, repetitions, "|" and "$". As in the
// library's own RE2 adapter, "\d" matches only ASCII digits; what people type is matched with "\p{Nd}".
// Tests/Differential verifies this.

#define PCRE2_CODE_UNIT_WIDTH 8
#include <memory>
#include <string>

#include <pcre2.h>
#include <phonenumbers/regexp_adapter.h>

namespace {

using i18n::phonenumbers::RegExp;
using i18n::phonenumbers::RegExpInput;

// How many groups callers can ask for: `Consume` up to six, `Replace` up to nine.
constexpr uint32_t mostGroups = 9;

struct Free {
  void operator()(pcre2_code *code) const { pcre2_code_free(code); }
  void operator()(pcre2_match_data *match) const { pcre2_match_data_free(match); }
};

class Input : public RegExpInput {
public:
  explicit Input(const std::string &text) : text(text) {}
  std::string ToString() const override { return text.substr(position); }

  const std::string text;
  // Where the next match starts.
  size_t position = 0;
};

// The result of a match, valid until this thread's next match.
class Found {
public:
  Found(const pcre2_code *code, const std::string &text, size_t start, uint32_t options)
      : subject(text.data() + start) {
    thread_local const std::unique_ptr<pcre2_match_data, Free> match(
        pcre2_match_data_create(mostGroups + 1, nullptr));
    if (!code || !match)
      return;
    // Positions count from `start`, so that nothing before it is seen. A result of zero means more groups than were
    // asked for.
    isFound = pcre2_match(
                  code, reinterpret_cast<PCRE2_SPTR>(subject), text.size() - start, 0, options, match.get(), nullptr)
        >= 0;
    bounds = pcre2_get_ovector_pointer(match.get());
  }

  explicit operator bool() const { return isFound; }
  size_t start() const { return bounds[0]; }
  size_t end() const { return bounds[1]; }
  // A group that did not participate is empty.
  std::string group(uint32_t number) const {
    const size_t from = bounds[2 * number];
    return from == PCRE2_UNSET ? std::string() : std::string(subject + from, bounds[2 * number + 1] - from);
  }

private:
  const char *const subject;
  const size_t *bounds = nullptr;
  bool isFound = false;
};

class Expression : public RegExp {
public:
  explicit Expression(const std::string &pattern) {
    int error = 0;
    PCRE2_SIZE offset = 0;
    code.reset(pcre2_compile(
        reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), PCRE2_UTF, &error, &offset, nullptr));
    // One that cannot be compiled matches nothing, as with the library's own adapters.
    if (code)
      pcre2_pattern_info(code.get(), PCRE2_INFO_CAPTURECOUNT, &groups);
  }

  bool Consume(
      RegExpInput *input, bool atStart, std::string *one, std::string *two, std::string *three, std::string *four,
      std::string *five, std::string *six) const override {
    Input *const rest = static_cast<Input *>(input);
    const Found found(code.get(), rest->text, rest->position, atStart ? PCRE2_ANCHORED : 0);
    if (!found)
      return false;
    std::string *const wanted[] = {one, two, three, four, five, six};
    uint32_t number = 0;
    for (std::string *group : wanted) {
      number++;
      if (!group)
        continue;
      if (number > groups)
        return false;
      *group = found.group(number);
    }
    rest->position += found.end();
    return true;
  }

  bool Match(const std::string &text, bool isWhole, std::string *group) const override {
    const Found found(code.get(), text, 0, isWhole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0);
    if (found && group && groups > 0)
      *group = found.group(1);
    return bool(found);
  }

  bool Replace(std::string *text, bool isGlobal, const std::string &replacement) const override {
    std::string replaced;
    size_t position = 0;
    bool isFirst = true;
    while (isFirst || isGlobal) {
      const Found found(code.get(), *text, position, 0);
      if (!found)
        break;
      isFirst = false;
      replaced.append(*text, position, found.start());
      if (!append(replacement, found, &replaced))
        return false;
      position += found.end();
      // An empty match would repeat forever here. The library never replaces all matches of such an expression.
      if (found.start() == found.end())
        break;
    }
    if (isFirst)
      return false;
    *text = replaced.append(*text, position, std::string::npos);
    return true;
  }

private:
  // "$1" stands for a group; a backslash escapes the next character.
  bool append(const std::string &replacement, const Found &found, std::string *text) const {
    for (size_t i = 0; i < replacement.size(); i++) {
      if (replacement[i] == '\\' && i + 1 < replacement.size()) {
        *text += replacement[++i];
      } else if (replacement[i] == '$') {
        const uint32_t number = i + 1 < replacement.size() ? static_cast<uint32_t>(replacement[++i] - '0') : 10;
        if (number > mostGroups || number > groups)
          return false;
        *text += found.group(number);
      } else {
        *text += replacement[i];
      }
    }
    return true;
  }

  std::unique_ptr<pcre2_code, Free> code;
  uint32_t groups = 0;
};

} // namespace

namespace i18n {
namespace phonenumbers {

// As declared in the library's regexp_adapter_icu.h, which is not installed. Hidden, so that a shared library does not
// find it.
class __attribute__((visibility("hidden"))) ICURegExpFactory : public AbstractRegExpFactory {
public:
  ~ICURegExpFactory() override {}
  RegExpInput *CreateInput(const string &text) const override;
  RegExp *CreateRegExp(const string &pattern) const override;
};

RegExpInput *ICURegExpFactory::CreateInput(const string &text) const { return new Input(text); }

RegExp *ICURegExpFactory::CreateRegExp(const string &pattern) const { return new Expression(pattern); }

} // namespace phonenumbers
} // namespace i18n
