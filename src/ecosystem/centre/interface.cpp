// SPDX-License-Identifier: MIT
#include "ecosystem/centre/interface.hpp"

#include <fmt/format.h>

#include "base/files.hpp"
#include "country/http_admin_api.hpp"
#include "domain/fault_code.hpp"
#include "message/form_writing.hpp"

namespace causeway::ecosystem {
namespace {

namespace json = boost::json;

Result<json::value> parse(const Result<std::string>& text) {
  if (!text) return text.error();
  if (text->empty()) return json::value(nullptr);
  boost::system::error_code error;
  json::value value = json::parse(*text, error);
  if (error) return fault(FaultCode::internal_error, "the Central Server's answer is no JSON: " + text->substr(0, 200));
  return value;
}

}  // namespace

Result<std::unique_ptr<CentreInterface>> CentreInterface::open(const std::filesystem::path& certificate,
                                                               std::uint16_t port, std::string key) {
  const auto text = read_file(certificate);
  if (!text) return text.error();
  auto expected = pki::Certificate::from_pem(*text);
  if (!expected) return expected.error();
  auto api = country::open_admin_api({.url = fmt::format("https://127.0.0.1:{}", port),
                                      .api_key = std::move(key),
                                      .pinned = country::NamedCertificate::of(*std::move(expected))});
  if (!api) return std::move(api).error();
  return std::unique_ptr<CentreInterface>(new CentreInterface(*std::move(api)));
}

Result<json::value> CentreInterface::ask(const std::string& method, const std::string& path, const json::value& body) {
  country::ApiCall call{.method = method, .path = path};
  if (!body.is_null()) {
    call.content_type = "application/json";
    call.body = json::serialize(body);
  }
  return parse(country::ask(*api_, call));
}

Result<json::value> CentreInterface::send_form(const std::string& method, const std::string& path,
                                               const message::FormData& form) {
  message::WrittenForm written = message::write_form_data(form);
  return parse(country::ask(*api_, {.method = method,
                                    .path = path,
                                    .content_type = std::move(written.content_type),
                                    .body = std::move(written.body)}));
}

Result<std::string> CentreInterface::download(const std::string& path) { return country::ask(*api_, {.path = path}); }

}  // namespace causeway::ecosystem
