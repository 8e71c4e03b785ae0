#ifndef PINGATE_NUMBERING_PLAN_H
#define PINGATE_NUMBERING_PLAN_H

#include <memory>
#include <string>

#include <phonenumbers/phonenumberutil.h>

namespace pingate {

// libphonenumber with a numbering plan: the whole world's, or an excerpt of it.
//
// On first use, the library builds objects for some 250 regions, which takes a sixth of a CGI program's time; and that reads
// one number, of one country. So there it is given an excerpt: the regions that have the calling code of the number, or that
// of the home country.
//
// An excerpt has all regions of a calling code, or none. Where the library takes digits for a number with an excerpt, the
// result is the same as with the whole plan: no calling code is the beginning of another one, so the digits have no other
// one there; and once the calling code is known, it looks into the regions that have it, and the region where it is dialed.
// In all other cases the whole plan has to be asked.
class NumberingPlan {
public:
  using Library = i18n::phonenumbers::PhoneNumberUtil;

  // The whole plan, with the library's one object for all, which is made when it is first asked for.
  static const NumberingPlan &whole();

  // The plan to ask first: an excerpt for what is asked first if excerpts are used, and otherwise the whole one.
  //
  // digits: with a '+' in front or not. region: where they are dialed, two letters, or "ZZ".
  static const NumberingPlan &toAsk(const std::string &digits, const std::string &region);

  // Has excerpts used until the whole plan is asked for, in a process of one thread. Forgets the one that there is: that is
  // for tests.
  static void useExcerpts();

  // The plan that was asked last; null if excerpts are used and nothing was asked yet.
  static const NumberingPlan *inUse();

  const Library &library() const { return *object; }
  bool isWhole() const { return !own; }

  // Whether a region's numbers are there, and its calling code.
  bool covers(const std::string &region) const;

  // Whether digits that are dialed in a region can be read with it, if the library takes them for a number. With a '+' in
  // front they cannot, but in "ZZ": if their calling code is not there, they are read as if they were dialed without the '+'.
  bool covers(const std::string &digits, const std::string &region) const;

private:
  NumberingPlan();
  explicit NumberingPlan(const std::string &metadata);

  const Library *object;
  // The object that an excerpt has of its own, by its base class, whose destructor is public; null for the library's one.
  std::unique_ptr<i18n::phonenumbers::Singleton<Library>> own;
};

} // namespace pingate

#endif
