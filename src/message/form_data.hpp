// SPDX-License-Identifier: MIT
// HTML forms with files, as browsers and curl -F send them (RFC 7578).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace causeway::message {

struct FormField {
  std::string name;
  std::optional<std::string> filename = {};  // none: a text, which is UTF-8
  std::string value = {};
};

class FormData {
 public:
  FormData() = default;
  explicit FormData(std::vector<FormField> fields) : fields_(std::move(fields)) {}

  const std::vector<FormField>& fields() const { return fields_; }
  // nullptr when it is not there, or of the other kind.
  const std::string* text(std::string_view name) const;
  const FormField* file(std::string_view name) const;

 private:
  std::vector<FormField> fields_;
};

// In octets; files are as large as whoever read the body let it be.
struct FormLimits {
  std::size_t max_fields = 20;
  std::size_t max_name = 255;  // also of a file
  std::size_t max_text = 16 * 1024;
};

// invalid_content_type when it is no multipart/form-data; mime_parsing_failed for one that breaks
// off, passes a limit, or names a field twice: two readers could take different ones.
Result<FormData> read_form_data(std::string_view content_type, std::string_view body, FormLimits limits = {});

}  // namespace causeway::message
