// SPDX-License-Identifier: MIT
#include "message/form_writing.hpp"

#include <algorithm>

#include "base/uuid.hpp"

namespace causeway::message {
namespace {

constexpr std::size_t kBoundaryLetters = 40;

// One that no value has in it.
std::string boundary_for(const FormData& form) {
  for (;;) {
    std::string boundary = random_letters(kBoundaryLetters);
    if (std::ranges::none_of(form.fields(),
                             [&](const FormField& field) { return field.value.find(boundary) != std::string::npos; }))
      return boundary;
  }
}

}  // namespace

WrittenForm write_form_data(const FormData& form) {
  const std::string boundary = boundary_for(form);
  WrittenForm out{.content_type = "multipart/form-data; boundary=" + boundary, .body = {}};
  for (const FormField& field : form.fields()) {
    out.body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field.name + "\"";
    if (field.filename) out.body += "; filename=\"" + *field.filename + "\"\r\nContent-Type: application/octet-stream";
    out.body += "\r\n\r\n" + field.value + "\r\n";
  }
  out.body += "--" + boundary + "--\r\n";
  return out;
}

}  // namespace causeway::message
