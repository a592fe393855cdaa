// SPDX-License-Identifier: MIT
// OpenAPI documents with the addresses of their servers taken out. The texts are replaced in
// place: writing a document anew would lose quotes, comments and the look of numbers.
#include <yaml-cpp/yaml.h>

#include <boost/json.hpp>

#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/metadata.hpp"
#include "message/uri.hpp"

namespace causeway::message {
namespace {

constexpr std::size_t kMaxDocument = std::size_t{32} << 20;
constexpr std::size_t kMaxDepth = 100;

Fault unreadable(std::string text) { return fault(FaultCode::internal_error, "OpenAPI document: " + std::move(text)); }

// A value of the document that is to be replaced, with its quotes.
struct Address {
  std::size_t begin, end;
  std::string url;
};

bool is_version_3(std::string_view version) { return version.starts_with("3."); }

Result<std::string> path_of(std::string_view url) {
  if (!url.empty() && !is_uri(url)) return unreadable("the url of a server is no URL: " + std::string(url));
  url = url.substr(0, url.find_first_of("?#"));
  if (const auto colon = url.find(':'); colon != std::string_view::npos && colon < url.find('/')) {
    url.remove_prefix(colon + 1);
    if (!url.starts_with('/')) return std::string();  // "mailto:a@b" has no path
  }
  if (url.starts_with("//")) {
    const auto slash = url.find('/', 2);
    url.remove_prefix(slash == std::string_view::npos ? url.size() : slash);
  }
  while (url.starts_with("//")) url.remove_prefix(1);  // would read as a host again
  return std::string(url);
}

bool has_variables(std::string_view url) {
  return url.find('{') != std::string_view::npos && url.find('}') != std::string_view::npos;
}

Result<std::string> with_paths(std::string_view document, const std::vector<Address>& addresses) {
  std::string result;
  std::size_t from = 0;
  for (const Address& address : addresses) {
    if (has_variables(address.url)) continue;
    const auto path = path_of(address.url);
    if (!path) return path.error();
    // What may stand in a URI needs no escape in JSON, nor in double quotes of YAML.
    result.append(document.substr(from, address.begin - from)).append("\"").append(*path).append("\"");
    from = address.end;
  }
  return result.append(document.substr(from));
}

// Walks JSON that is known to be well-formed and notes the texts at /servers/<n>/url.
class JsonAddresses {
 public:
  explicit JsonAddresses(std::string_view document) : text_(document) {}
  std::vector<Address> find() {
    value(Place::document);
    return std::move(found_);
  }

 private:
  enum class Place { document, servers, server, url, other };

  void space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  std::string_view string() {
    const std::size_t begin = at_++;
    while (text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    return text_.substr(begin, ++at_ - begin);
  }
  static std::string decoded(std::string_view quoted) {
    const boost::json::value value = boost::json::parse(boost::json::string_view(quoted.data(), quoted.size()));
    return std::string(value.as_string().data(), value.as_string().size());
  }
  static Place member(Place parent, const std::string& name) {
    if (parent == Place::document && name == "servers") return Place::servers;
    if (parent == Place::server && name == "url") return Place::url;
    return Place::other;
  }
  // The depth of the document was limited when it was parsed.
  void value(Place place) {
    space();
    if (text_[at_] == '{' || text_[at_] == '[') {
      const bool object = text_[at_++] == '{';
      for (space(); text_[at_] != '}' && text_[at_] != ']'; space()) {
        if (text_[at_] == ',') ++at_, space();
        Place inner = !object && place == Place::servers ? Place::server : Place::other;
        if (object) {
          inner = member(place, decoded(string()));
          space();
          ++at_;  // ':'
        }
        value(inner);
      }
      ++at_;
    } else if (text_[at_] == '"') {
      const std::size_t begin = at_;
      const std::string_view quoted = string();
      if (place == Place::url) found_.push_back({begin, at_, decoded(quoted)});
    } else {
      at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Address> found_;
};

Result<std::string> anonymous_json(std::string_view document) {
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::system::error_code error;
  const boost::json::value tree =
      boost::json::parse(boost::json::string_view(document.data(), document.size()), error, {}, options);
  if (error) return unreadable("it is no JSON: " + error.message());
  if (!tree.is_object()) return unreadable("it is no JSON object");
  if (const boost::json::value* version = tree.as_object().if_contains("openapi"))
    if (!version->is_string() ||
        !is_version_3(std::string_view(version->as_string().data(), version->as_string().size())))
      return unreadable("its version is not 3");
  return with_paths(document, JsonAddresses(document).find());
}

// The place of a scalar of one line; nullopt for one that is written in another way.
std::optional<Address> yaml_scalar(std::string_view document, const YAML::Node& node) {
  const std::string value = node.Scalar();
  const int position = node.Mark().pos;
  if (position < 0 || static_cast<std::size_t>(position) >= document.size()) return std::nullopt;
  const auto begin = static_cast<std::size_t>(position);
  const char quote = document[begin];
  if (quote != '"' && quote != '\'') {
    if (document.substr(begin, value.size()) != value) return std::nullopt;
    return Address{begin, begin + value.size(), value};
  }
  for (std::size_t i = begin + 1; i < document.size(); ++i) {
    if (quote == '"' && document[i] == '\\') {
      ++i;
    } else if (document[i] == quote) {
      if (quote == '\'' && i + 1 < document.size() && document[i + 1] == quote) {
        ++i;
      } else {
        return Address{begin, i + 1, value};
      }
    }
  }
  return std::nullopt;
}

Result<std::string> anonymous_yaml(std::string_view document) {
  try {
    const YAML::Node tree = YAML::Load(std::string(document));
    if (!tree.IsMap()) return unreadable("it is no YAML mapping");
    if (const YAML::Node version = tree["openapi"])
      if (!version.IsScalar() || !is_version_3(version.Scalar())) return unreadable("its version is not 3");
    const YAML::Node servers = tree["servers"];
    std::vector<Address> addresses;
    for (std::size_t i = 0; servers && servers.IsSequence() && i < servers.size(); ++i) {
      const YAML::Node url = servers[i].IsMap() ? servers[i]["url"] : YAML::Node(YAML::NodeType::Undefined);
      if (!url || !url.IsScalar() || url.Scalar().empty()) continue;  // nothing to hide
      const auto address = yaml_scalar(document, url);
      // Letting it pass would show the address.
      if (!address || (!addresses.empty() && address->begin < addresses.back().end))
        return unreadable("write the url of each server as one plain or quoted text");
      addresses.push_back(*address);
    }
    return with_paths(document, addresses);
  } catch (const YAML::Exception& problem) {
    return unreadable(std::string("it is no YAML: ") + problem.what());
  }
}

}  // namespace

Result<std::string> anonymous_openapi(std::string_view document, std::string_view content_type, std::string_view url) {
  while (document.starts_with("\xef\xbb\xbf")) document.remove_prefix(3);  // readers count without byte order marks
  if (document.size() > kMaxDocument) return unreadable("it is too long");
  if (!is_utf8(document)) return unreadable("it is not valid UTF-8");
  const bool json = content_type.find("application/json") != std::string_view::npos;
  if (json) return anonymous_json(document);
  if (content_type == "application/x-yaml") return anonymous_yaml(document);
  return url.substr(0, url.find_first_of("?#")).ends_with(".json") ? anonymous_json(document)
                                                                   : anonymous_yaml(document);
}

}  // namespace causeway::message
