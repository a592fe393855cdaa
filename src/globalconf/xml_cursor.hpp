// SPDX-License-Identifier: MIT
// Reads an XML document from front to back, element by element, and holds it against
// what its reader asks for: the order of the questions is the schema.
//
// A configuration of a country has millions of elements, so there is no tree. The first
// fault sticks: after it every question is answered with "not there", so a reader may be
// written straight down and ask once, at the end, with finish().
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace causeway::globalconf {

inline constexpr std::string_view kXroadNamespace = "http://x-road.eu/xsd/xroad.xsd";
inline constexpr std::string_view kIdentifiersNamespace = "http://x-road.eu/xsd/identifiers";

// A name in the namespace; an element in no namespace is named by its local part alone.
std::string qualified(std::string_view name_space, std::string_view local);

class XmlCursor {
 public:
  // `document` must outlive the cursor. A document type declaration is a fault.
  explicit XmlCursor(std::string_view document);
  ~XmlCursor();
  XmlCursor(const XmlCursor&) = delete;
  XmlCursor& operator=(const XmlCursor&) = delete;

  // Steps into the next element when it has this name.
  bool enter_if(std::string_view name);
  // The same; its absence is a fault.
  bool enter(std::string_view name);
  // Steps out of the element entered last; a fault when something in it was not asked for.
  void leave();

  // Attributes of the element entered last, each to be asked for before its content; one
  // that was not asked for is a fault, but for those of XML Schema instances.
  std::optional<std::string> attribute(std::string_view name);

  // The text of an element that has text alone; a required one gives "" when it is missing.
  std::string text(std::string_view name);
  std::optional<std::string> text_if(std::string_view name);
  // Typed forms, as XML Schema reads them (white space around the value is passed over).
  std::int64_t integer(std::string_view name);
  std::optional<bool> boolean_if(std::string_view name);
  bool boolean(std::string_view name);
  Bytes base64(std::string_view name);
  std::optional<Bytes> base64_if(std::string_view name);
  std::optional<TimePoint> date_time_if(std::string_view name);

  // Passes over every element up to the end of the one entered last.
  void skip_rest();

  // Makes what the reader found wrong the fault of this document.
  void fail(std::string_view text);
  bool failed() const;
  // The end of the document was reached and no fault was met: malformed_global_conf
  // otherwise, with the line.
  Result<void> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace causeway::globalconf
