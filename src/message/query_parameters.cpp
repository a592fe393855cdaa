// SPDX-License-Identifier: MIT
#include "message/query_parameters.hpp"

#include <algorithm>
#include <charconv>

#include "base/utf8.hpp"
#include "domain/fault_code.hpp"

namespace causeway::message {
namespace {

Result<std::string> decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const std::string_view digits = text.substr(i + 1, 2);
    unsigned char octet = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), octet, 16);
    if (error != std::errc() || end != digits.data() + 2)
      return fault(FaultCode::bad_request, "the query has a broken percent-encoding");
    plain += static_cast<char>(octet);
    i += 2;
  }
  if (!is_utf8(plain)) return fault(FaultCode::bad_request, "the query is not valid UTF-8");
  return plain;
}

}  // namespace

Result<QueryParameters> QueryParameters::parse(std::string_view query) {
  QueryParameters parameters;
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = decoded(pair.substr(0, equals));
    if (!name) return std::move(name).error();
    auto value = decoded(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    if (!value) return std::move(value).error();
    parameters.pairs_.emplace_back(*std::move(name), *std::move(value));
  }
  return parameters;
}

const std::string* QueryParameters::find(std::string_view name) const {
  const auto found = std::ranges::find(pairs_, name, [](const auto& pair) { return std::string_view(pair.first); });
  return found == pairs_.end() ? nullptr : &found->second;
}

}  // namespace causeway::message
