// SPDX-License-Identifier: MIT
#include "evidence/gapped_text.hpp"

#include <algorithm>
#include <array>

namespace causeway::evidence {
namespace {

// None of these is markup, or ends text, whatever stands around it.
constexpr std::array<bool, 256> kContentCharacters = [] {
  std::array<bool, 256> out{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-:. \n"))
    out[static_cast<unsigned char>(c)] = true;
  return out;
}();

constexpr std::size_t kMaxContent = 4096;  // an RSA signature of 16 kbit has 2.7 kB

std::string_view spelling(CarriageReturn carriage_return) {
  return carriage_return == CarriageReturn::of_documents ? "&#13;" : "&#xD;";
}

// Of what stands at the beginning of `text` and may be in a gap.
std::size_t content_length(std::string_view text, std::string_view carriage_return) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (kContentCharacters[static_cast<unsigned char>(text[at])])
      ++at;
    else if (text.substr(at).starts_with(carriage_return))
      at += carriage_return.size();
    else
      break;
  }
  return at;
}

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string out;
  for (std::size_t found; (found = text.find(what)) != std::string_view::npos;
       text.remove_prefix(found + what.size())) {
    out += text.substr(0, found);
    out += with;
  }
  out += text;
  return out;
}

bool is_known_reference(std::string_view text, std::string_view carriage_return) {
  if (text.starts_with(carriage_return)) return true;
  return std::ranges::any_of(std::array<std::string_view, 5>{"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"},
                             [&](std::string_view known) { return text.starts_with(known); });
}

// Where what looks like an element's content is one, and content of gaps can be spelled in
// one way only: no other encoding, comment, CDATA section, processing instruction, other
// reference, or line end that a parser would change.
bool says_what_it_shows(std::string_view text, std::string_view carriage_return) {
  constexpr std::string_view kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"";
  const std::string_view rest = text.starts_with(kDeclaration) ? text.substr(kDeclaration.size()) : text;
  if (!text.starts_with('<') || rest.find("<?") != std::string_view::npos || rest.find("<!") != std::string_view::npos)
    return false;
  if (rest.find('\r') != std::string_view::npos || rest.find('\0') != std::string_view::npos) return false;
  for (std::size_t at = rest.find('&'); at != std::string_view::npos; at = rest.find('&', at + 1))
    if (!is_known_reference(rest.substr(at), carriage_return)) return false;
  return true;
}

}  // namespace

std::optional<GappedText> GappedText::cut(std::string_view text, const std::vector<std::string>& contents,
                                          CarriageReturn carriage_return) {
  struct Gap {
    std::size_t begin, size, which;
  };
  GappedText out;
  out.carriage_return_ = spelling(carriage_return);
  if (!says_what_it_shows(text, out.carriage_return_)) return std::nullopt;
  std::vector<Gap> gaps;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const std::string content = replaced(contents[i], "\r", out.carriage_return_);
    const std::size_t size = content.size();
    if (size == 0 || size > kMaxContent || content_length(content, out.carriage_return_) != size) return std::nullopt;
    const std::string whole = '>' + content + '<';
    const std::size_t at = text.find(whole);
    if (at == std::string_view::npos || text.find(whole, at + 1) != std::string_view::npos) return std::nullopt;
    gaps.push_back({at + 1, size, i});
  }
  std::ranges::sort(gaps, {}, &Gap::begin);
  std::size_t from = 0;
  for (const Gap& gap : gaps) {
    out.between_.emplace_back(text.substr(from, gap.begin - from));
    out.gaps_.push_back(gap.which);
    from = gap.begin + gap.size;
  }
  out.between_.emplace_back(text.substr(from));
  return out;
}

std::optional<std::vector<std::string>> GappedText::contents_of(std::string_view text) const {
  std::vector<std::string> contents(gaps_.size());
  for (std::size_t i = 0; i < gaps_.size(); ++i) {
    if (!text.starts_with(between_[i])) return std::nullopt;
    text.remove_prefix(between_[i].size());
    const std::size_t size = content_length(text, carriage_return_);
    if (size == 0 || size > kMaxContent) return std::nullopt;
    contents[gaps_[i]] = replaced(text.substr(0, size), carriage_return_, "\r");
    text.remove_prefix(size);
  }
  if (text != between_.back()) return std::nullopt;
  return contents;
}

std::string GappedText::filled(const std::vector<std::string>& contents) const {
  std::size_t size = 0;
  for (const std::string& text : between_) size += text.size();
  for (const std::string& text : contents) size += text.size();
  std::string out;
  out.reserve(size);
  out += between_.front();
  for (std::size_t i = 0; i < gaps_.size(); ++i) {
    out += replaced(contents[gaps_[i]], "\r", carriage_return_);
    out += between_[i + 1];
  }
  return out;
}

}  // namespace causeway::evidence
