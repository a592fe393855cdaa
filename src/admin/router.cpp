// SPDX-License-Identifier: MIT
#include "admin/router.hpp"

#include <algorithm>
#include <stdexcept>

#include "message/uri.hpp"

namespace causeway::admin {
namespace {

constexpr std::size_t kMostSegments = 16;

bool is_name(const std::string& segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty() && path.front() == '/' && segments.size() <= kMostSegments) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    segments.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

// Names are all alike, and behind any literal.
std::vector<std::string> form(const std::vector<std::string>& segments) {
  std::vector<std::string> form;
  for (const std::string& segment : segments) form.push_back(is_name(segment) ? "\x7f" : segment);
  return form;
}

}  // namespace

void Router::add(Operation operation) {
  Route route{split(operation.path), std::move(operation)};
  const auto place =
      std::ranges::lower_bound(routes_, form(route.segments), {}, [](const Route& r) { return form(r.segments); });
  for (auto at = place; at != routes_.end() && form(at->segments) == form(route.segments); ++at)
    if (at->operation.method == route.operation.method)
      throw std::logic_error("two operations for " + route.operation.method + " " + route.operation.path);
  routes_.insert(place, std::move(route));
}

std::optional<Router::Found> Router::match(const Route& route, const std::vector<std::string>& segments) {
  if (route.segments.size() != segments.size()) return std::nullopt;
  Found found{&route.operation, {}};
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string& wanted = route.segments[i];
    if (is_name(wanted)) {
      if (segments[i].empty()) return std::nullopt;
      found.path.emplace(wanted.substr(1, wanted.size() - 2), segments[i]);
    } else if (wanted != segments[i]) {
      return std::nullopt;
    }
  }
  return found;
}

std::variant<Router::Found, Router::NotFound> Router::find(std::string_view method, std::string_view path) const {
  std::vector<std::string> segments = split(path);
  for (std::string& segment : segments) {
    auto decoded = message::percent_decoded(segment, message::Encoding::path);
    if (!decoded) return NotFound{400};
    segment = *std::move(decoded);
  }
  bool other_method = false;
  for (const Route& route : routes_)
    if (auto found = match(route, segments)) {
      if (route.operation.method == method) return *std::move(found);
      other_method = true;
    }
  return NotFound{other_method ? 405 : 404};
}

}  // namespace causeway::admin
