// SPDX-License-Identifier: MIT
#include "admin/uploaded_file.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

namespace causeway::admin {
namespace {

// How much of a file tells what it is.
constexpr std::size_t kBeginning = 512;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_text(std::string_view content) {
  return std::ranges::none_of(content.substr(0, kBeginning), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && !is_space(c) && c != '\x1b';
  });
}

bool is_script(std::string_view content) { return content.starts_with("#!"); }

// DER begins with a SEQUENCE.
bool may_be_certificate(std::string_view content) {
  return content.starts_with('\x30') || (is_text(content) && !is_script(content));
}

bool may_be_xml(std::string_view content) { return is_text(content) && !is_script(content); }

// A key packet, encrypted data, or what is signed and perhaps compressed (RFC 9580), or armour around them.
bool may_be_backup(std::string_view content) {
  if (content.starts_with("-----BEGIN PGP MESSAGE-----")) return true;
  if (content.empty()) return false;
  const auto octet = static_cast<unsigned char>(content.front());
  if ((octet & 0x80) == 0) return false;
  const unsigned tag = (octet & 0x40) != 0 ? octet & 0x3f : (octet >> 2) & 0x0f;
  return tag == 1 || tag == 3 || tag == 4 || tag == 8 || tag == 9 || tag == 18 || tag == 20;
}

struct Kind {
  std::string_view name;
  std::vector<std::string_view> extensions;  // none: any name
  bool (*fits)(std::string_view content);
};

const Kind* kind_named(std::string_view name) {
  static const std::array kKinds{Kind{"certificate", {"der", "crt", "pem", "cer"}, may_be_certificate},
                                 Kind{"xml", {"xml"}, may_be_xml}, Kind{"backup", {}, may_be_backup}};
  const auto found = std::ranges::find(kKinds, name, &Kind::name);
  return found == kKinds.end() ? nullptr : &*found;
}

// Before and behind the last point of the name itself, as sent without folders.
std::pair<std::string_view, std::string_view> split(std::string_view name) {
  if (const auto folder = name.find_last_of("/\\"); folder != std::string_view::npos) name.remove_prefix(folder + 1);
  const auto point = name.rfind('.');
  if (point == std::string_view::npos) return {name, {}};
  return {name.substr(0, point), name.substr(point + 1)};
}

std::string all_of(const std::vector<std::string_view>& extensions) {
  std::string text;
  for (const std::string_view each : extensions) text += (text.empty() ? "" : ", ") + std::string(each);
  return text;
}

}  // namespace

bool is_known_file_kind(std::string_view kind) { return kind_named(kind) != nullptr; }

std::optional<ApiError> check_file(std::string_view kind_name, const message::FormField& file) {
  const Kind* const kind = kind_named(kind_name);
  if (kind == nullptr) throw std::logic_error("there is no kind of file " + std::string(kind_name));
  if (!kind->extensions.empty()) {
    const std::string name = file.filename.value_or("");
    const auto [stem, extension] = split(name);
    if (stem.find('.') != std::string_view::npos) return api_error(400, "double_file_extension");
    if (std::ranges::find(kind->extensions, extension) == kind->extensions.end())
      return api_error(400, "invalid_file_extension", {std::string(extension), all_of(kind->extensions)});
  }
  if (!kind->fits(file.value)) return api_error(400, "invalid_file_content_type");
  return std::nullopt;
}

}  // namespace causeway::admin
