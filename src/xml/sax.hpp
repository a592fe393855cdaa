// SPDX-License-Identifier: MIT
// Reads XML of strangers as it comes, without building a tree: names with their
// namespaces, text in UTF-8. Safe: a DOCTYPE is refused, so there are no entities but
// the five of XML; depth, attributes and size have limits.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace causeway::xml {

struct SaxLimits {
  std::size_t bytes = std::size_t{1} << 30;
  std::size_t depth = 1000;
  std::size_t attributes_of_an_element = 1000;
  std::size_t namespace_declarations_of_an_element = 1000;
};

// Views last as long as the call that gives them.
struct SaxName {
  std::string_view namespace_uri;  // empty when in none
  std::string_view local;
  std::string_view prefix;
  bool is(std::string_view uri, std::string_view name) const { return local == name && namespace_uri == uri; }
};

struct SaxAttribute {
  SaxName name;
  std::string_view value;
};

// Where the markup of the present event stands in the input, in octets.
struct SaxPlace {
  std::size_t begin = 0, end = 0;
};

// A Fault stops the reading and is returned by feed().
class SaxHandler {
 public:
  virtual ~SaxHandler() = default;
  // Namespace declarations are not among the attributes.
  virtual Result<void> element_begin(const SaxName& name, std::span<const SaxAttribute> attributes, SaxPlace place) = 0;
  virtual Result<void> element_end(const SaxName& name, SaxPlace place) = 0;
  // Text and CDATA, in pieces of any size.
  virtual Result<void> characters(std::string_view text, SaxPlace place) = 0;
  // `encoding` as declared, empty when it is not.
  virtual Result<void> declaration(std::string_view encoding, SaxPlace place);
};

class SaxReader {
 public:
  explicit SaxReader(SaxHandler& handler, SaxLimits limits = {});
  ~SaxReader();

  // invalid_xml with line and column for what is not well-formed or beyond a limit.
  Result<void> feed(ByteView bytes);
  // The input has ended.
  Result<void> end();
  // Whether the fault returned was that of the XML itself, not the handler's.
  bool malformed() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace causeway::xml
