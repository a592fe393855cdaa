// SPDX-License-Identifier: MIT
#include "message/form_data.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/multipart.hpp"

namespace causeway::message {
namespace {

constexpr MultipartLimits kOfAField{
    .max_header_line = 2000, .max_header = 4000, .max_header_count = 20, .max_headers = 8 * 1024};

Fault broken(std::string text) { return fault(FaultCode::mime_parsing_failed, std::move(text)); }

class Collector final : public MultipartHandler {
 public:
  explicit Collector(FormLimits limits) : limits_(limits) {}
  std::vector<FormField> fields;

  Result<void> part_begin(const net::Headers& headers) override {
    if (fields.size() == limits_.max_fields) return broken("the form has too many fields");
    auto field = named(headers);
    if (!field) return field.error();
    for (const std::string& name : {field->name, field->filename.value_or("")})
      if (name.size() > limits_.max_name || !is_utf8(name))
        return broken("a name in the form is too long, or not UTF-8");
    if (std::ranges::find(fields, field->name, &FormField::name) != fields.end())
      return broken("the form has the field " + field->name + " twice");
    fields.push_back(*std::move(field));
    return {};
  }
  Result<void> part_data(ByteView bytes) override {
    FormField& field = fields.back();
    if (!field.filename && bytes.size() > limits_.max_text - field.value.size())
      return broken("the field " + field.name + " of the form is too long");
    field.value += as_text(bytes);
    return {};
  }
  Result<void> part_end() override {
    const FormField& field = fields.back();
    if (!field.filename && !is_utf8(field.value))
      return broken("the field " + field.name + " of the form is not UTF-8");
    return {};
  }

 private:
  static Result<FormField> named(const net::Headers& headers) {
    const std::string* const disposition = headers.find("Content-Disposition");
    // "form-data; name=x" has the shape of a media type but for its slash.
    auto parsed = ContentType::parse("form/" + (disposition ? *disposition : std::string()));
    if (!parsed || parsed->type != "form/form-data" || parsed->parameter("name").empty())
      return broken("a part of the form has no name");
    FormField field{.name = parsed->parameter("name")};
    if (const auto filename = parsed->parameters.find("filename"); filename != parsed->parameters.end())
      field.filename = filename->second;
    return field;
  }

  const FormLimits limits_;
};

}  // namespace

const std::string* FormData::text(std::string_view name) const {
  const auto found = std::ranges::find(fields_, name, &FormField::name);
  return found == fields_.end() || found->filename ? nullptr : &found->value;
}

const FormField* FormData::file(std::string_view name) const {
  const auto found = std::ranges::find(fields_, name, &FormField::name);
  return found == fields_.end() || !found->filename ? nullptr : &*found;
}

Result<FormData> read_form_data(std::string_view content_type, std::string_view body, FormLimits limits) {
  const auto type = ContentType::parse(content_type);
  if (!type) return type.error();
  if (type->type != "multipart/form-data") return fault(FaultCode::invalid_content_type, "this is no form with files");
  Collector collector(limits);
  MultipartParser parser(type->parameter("boundary"), collector, kOfAField);
  if (auto ok = parser.feed(as_bytes(body)); !ok) return ok.error();
  if (auto ok = parser.end(); !ok) return ok.error();
  if (!parser.closed()) return broken("the form breaks off");
  return FormData(std::move(collector.fields));
}

}  // namespace causeway::message
