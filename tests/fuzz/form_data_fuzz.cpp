// SPDX-License-Identifier: MIT
// Forms with files: what is read of one keeps the limits, and reads the same when it is sent
// again. The boundary is B.
#include "base/utf8.hpp"
#include "message/form_data.hpp"
#include "oracle.hpp"

namespace {

using namespace causeway;
using namespace causeway::message;
using fuzz::require;

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string sent(const FormData& form) {
  std::string out;
  for (const FormField& field : form.fields()) {
    out += "--B\r\nContent-Disposition: form-data; name=" + quoted(field.name);
    if (field.filename) out += "; filename=" + quoted(*field.filename);
    out += "\r\n\r\n" + field.value + "\r\n";
  }
  return out + "--B--\r\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view body = fuzz::text_of(bytes, size);
  const std::string type = "multipart/form-data; boundary=B";
  const FormLimits limits;
  const auto form = read_form_data(type, body);
  if (!form) return 0;
  require(form->fields().size() <= limits.max_fields);
  for (const FormField& field : form->fields()) {
    require(!field.name.empty() && field.name.size() <= limits.max_name && is_utf8(field.name));
    require(field.filename || (field.value.size() <= limits.max_text && is_utf8(field.value)));
    require((form->text(field.name) != nullptr) != (form->file(field.name) != nullptr));
  }
  const auto again = read_form_data(type, sent(*form));
  require(again && again->fields().size() == form->fields().size());
  for (std::size_t i = 0; i < form->fields().size(); ++i) {
    const FormField &one = form->fields()[i], &other = again->fields()[i];
    require(one.name == other.name && one.filename == other.filename && one.value == other.value);
  }
  return 0;
}
