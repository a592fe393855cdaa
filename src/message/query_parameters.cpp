// SPDX-License-Identifier: MIT
#include "message/query_parameters.hpp"

#include <algorithm>

#include "message/uri.hpp"

namespace causeway::message {
namespace {

Fault of_query(const Fault& why) { return Fault{why.code, "the query " + why.text}; }

}  // namespace

Result<QueryParameters> QueryParameters::parse(std::string_view query) {
  QueryParameters parameters;
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    auto name = percent_decoded(pair.substr(0, equals), Encoding::form);
    if (!name) return of_query(name.error());
    auto value = percent_decoded(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1),
                                 Encoding::form);
    if (!value) return of_query(value.error());
    parameters.pairs_.emplace_back(*std::move(name), *std::move(value));
  }
  return parameters;
}

std::vector<std::string> QueryParameters::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : pairs_)
    if (key == name) values.push_back(value);
  return values;
}

const std::string* QueryParameters::find(std::string_view name) const {
  const auto found = std::ranges::find(pairs_, name, [](const auto& pair) { return std::string_view(pair.first); });
  return found == pairs_.end() ? nullptr : &found->second;
}

}  // namespace causeway::message
