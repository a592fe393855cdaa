// SPDX-License-Identifier: MIT
// XML of which all is known but the content of some elements. For the sources of this folder.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::evidence {

// How a carriage return is written, which XML text cannot have as it is. Java has them in
// Base64 (evidence.md 1.1).
enum class CarriageReturn { of_documents, of_canonical_form };

// Text in which the content of some elements changes, and nothing else.
class GappedText {
 public:
  // Cuts `contents` out of XML, each the whole content of exactly one element. nullopt when
  // it is not so, or one is empty or has other characters than Base64 and times have.
  static std::optional<GappedText> cut(std::string_view text, const std::vector<std::string>& contents,
                                       CarriageReturn carriage_return);

  // What `text` has in the gaps, in the order of `contents`; nullopt unless it is the same
  // text everywhere else.
  std::optional<std::vector<std::string>> contents_of(std::string_view text) const;
  // The text with the gaps filled, in the order of `contents`.
  std::string filled(const std::vector<std::string>& contents) const;

 private:
  std::vector<std::string> between_;  // one more than gaps
  std::vector<std::size_t> gaps_;     // which of the contents
  std::string_view carriage_return_;
};

}  // namespace causeway::evidence
