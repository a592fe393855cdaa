// SPDX-License-Identifier: MIT
#include "pki/openssl_handles.hpp"

#include <array>

namespace causeway::pki {

std::string openssl_reason() {
  const unsigned long code = ERR_peek_last_error();
  if (code == 0) return "no reason given";
  if (const char* reason = ERR_reason_error_string(code)) return reason;
  std::array<char, 128> text{};
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

BioPtr reading_bio(std::string_view text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string oid_text(const ASN1_OBJECT* object) {
  std::array<char, 128> text{};
  const int size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  if (size <= 0) return {};
  if (static_cast<std::size_t>(size) < text.size()) return text.data();
  std::string longer(static_cast<std::size_t>(size) + 1, '\0');
  OBJ_obj2txt(longer.data(), size + 1, object, 1);
  longer.resize(static_cast<std::size_t>(size));
  return longer;
}

Asn1ObjectPtr oid_object(std::string_view dotted) { return Asn1ObjectPtr(OBJ_txt2obj(std::string(dotted).c_str(), 1)); }

}  // namespace causeway::pki
