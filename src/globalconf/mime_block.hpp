// SPDX-License-Identifier: MIT
// The little of MIME that signed directories use: header blocks, multipart bodies and
// parameters, over text that is held whole. Lines end with CRLF or LF, also mixed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::globalconf {

struct MimeEntity {
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case; the last of a name counts
  std::string_view body;

  // nullptr when it is missing or blank.
  const std::string* header(std::string_view lower_case_name) const;
};

// A header block up to its blank line, or to the end of `text`; the rest is the body.
// nullopt when a line is no header field or there are too many.
std::optional<MimeEntity> split_headers(std::string_view text);

// A header value and its parameters; quotes of either kind around a value are taken off.
struct HeaderValue {
  std::string value;
  std::map<std::string, std::string, std::less<>> parameters;  // names as written
};
HeaderValue split_parameters(std::string_view text);

// The parts of a multipart body, each without the line end that belongs to the delimiter
// after it. Text before the first delimiter and after the closing one is passed over; the
// closing one may be missing. nullopt when there are more than `limit`.
std::optional<std::vector<std::string_view>> split_multipart(std::string_view body, std::string_view boundary,
                                                             std::size_t limit);

// The boundary of a multipart entity; nullopt when it is none.
std::optional<std::string> boundary_of(const MimeEntity& entity);

}  // namespace causeway::globalconf
