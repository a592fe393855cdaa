// SPDX-License-Identifier: MIT
#include "centralserver/requests/management_request.hpp"

#include <array>

namespace causeway::centralserver {
namespace {

constexpr std::array kTypes{
#define CAUSEWAY_NAME(name) std::string_view(#name "_REQUEST"),
    CAUSEWAY_REQUEST_TYPES(CAUSEWAY_NAME)
#undef CAUSEWAY_NAME
};
constexpr std::array<std::string_view, 2> kOrigins{"CENTER", "SECURITY_SERVER"};
constexpr std::array<std::string_view, 5> kStatuses{"WAITING", "SUBMITTED FOR APPROVAL", "APPROVED", "DECLINED",
                                                    "REVOKED"};

template <class Enum, std::size_t size>
std::optional<Enum> find(const std::array<std::string_view, size>& names, std::string_view text) {
  for (std::size_t i = 0; i < size; ++i)
    if (names[i] == text) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string_view to_string(RequestType type) { return kTypes[static_cast<std::size_t>(type)]; }
std::string_view to_string(RequestOrigin origin) { return kOrigins[static_cast<std::size_t>(origin)]; }
std::string_view to_string(RequestStatus status) { return kStatuses[static_cast<std::size_t>(status)]; }

std::optional<RequestType> request_type(std::string_view text) { return find<RequestType>(kTypes, text); }
std::optional<RequestOrigin> request_origin(std::string_view text) { return find<RequestOrigin>(kOrigins, text); }
std::optional<RequestStatus> request_status(std::string_view text) { return find<RequestStatus>(kStatuses, text); }

}  // namespace causeway::centralserver
