// SPDX-License-Identifier: MIT
#include "testca/form.hpp"

#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/multipart.hpp"

namespace causeway::testca {
namespace {

class Collector final : public message::MultipartHandler {
 public:
  std::vector<FormField> fields;

  Result<void> part_begin(const net::Headers& headers) override {
    constexpr std::size_t kMaxFields = 20;
    if (fields.size() == kMaxFields) return fault(FaultCode::mime_parsing_failed, "form has too many fields");
    FormField field;
    if (const std::string* disposition = headers.find("Content-Disposition")) {
      // "form-data; name=x" has the shape of a media type but for its slash.
      auto parsed = message::ContentType::parse("form/" + *disposition);
      if (!parsed) return parsed.error();
      field.name = parsed->parameter("name");
      field.filename = parsed->parameter("filename");
    }
    fields.push_back(std::move(field));
    return {};
  }
  Result<void> part_data(ByteView bytes) override {
    Bytes& value = fields.back().value;
    value.insert(value.end(), bytes.begin(), bytes.end());
    return {};
  }
  Result<void> part_end() override { return {}; }
};

}  // namespace

Result<std::vector<FormField>> read_form(std::string_view content_type, ByteView body) {
  const auto type = message::ContentType::parse(content_type);
  if (!type) return type.error();
  Collector collector;
  message::MultipartParser parser(type->parameter("boundary"), collector);
  if (auto ok = parser.feed(body); !ok) return ok.error();
  if (auto ok = parser.end(); !ok) return ok.error();
  return std::move(collector.fields);
}

}  // namespace causeway::testca
