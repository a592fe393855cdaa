// SPDX-License-Identifier: MIT
#include <grp.h>
#include <pwd.h>
#include <security/pam_appl.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "admin/users.hpp"

namespace causeway::admin {
namespace {

constexpr std::size_t kMaxLength = 255;  // of a name or a password

Fault refused() {
  // Nobody learns whether it was the name, the password or the groups.
  return Fault{"login_failed", "user name and password do not fit, or the user has no role here"};
}

// Answers what PAM asks: the password, wherever nothing is echoed.
int converse(int count, const pam_message** messages, pam_response** answers, void* password) {
  if (count <= 0 || count > PAM_MAX_NUM_MSG) return PAM_CONV_ERR;
  auto* const given = static_cast<pam_response*>(std::calloc(static_cast<std::size_t>(count), sizeof(pam_response)));
  if (given == nullptr) return PAM_BUF_ERR;
  for (int i = 0; i < count; ++i)
    if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF) given[i].resp = ::strdup(static_cast<const char*>(password));
  *answers = given;  // PAM frees them
  return PAM_SUCCESS;
}

// PAM may know the user under another name than was typed.
Result<std::string> authenticated_name(const PamOptions& options, const std::string& user,
                                       const std::string& password) {
  const std::string copy = password;
  const pam_conv conversation{&converse, const_cast<char*>(copy.c_str())};
  pam_handle_t* handle = nullptr;
  const char* const directory =
      options.configuration_directory.empty() ? nullptr : options.configuration_directory.c_str();
  int result = ::pam_start_confdir(options.service.c_str(), user.c_str(), &conversation, directory, &handle);
  if (result != PAM_SUCCESS) return Fault{"login_failed", "PAM cannot be used"};
  result = ::pam_authenticate(handle, PAM_SILENT | PAM_DISALLOW_NULL_AUTHTOK);
  if (result == PAM_SUCCESS) result = ::pam_acct_mgmt(handle, PAM_SILENT);
  const void* known_as = nullptr;
  std::string name;
  if (result == PAM_SUCCESS && ::pam_get_item(handle, PAM_USER, &known_as) == PAM_SUCCESS && known_as != nullptr)
    name = static_cast<const char*>(known_as);
  ::pam_end(handle, result);
  if (name.empty()) return refused();
  return name;
}

Names groups_of(const std::string& user) {
  Names names;
  std::vector<char> memory(64 * 1024);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r(user.c_str(), &entry, memory.data(), memory.size(), &found) != 0 || found == nullptr) return names;
  std::vector<gid_t> ids(64);
  int count = static_cast<int>(ids.size());
  if (::getgrouplist(entry.pw_name, entry.pw_gid, ids.data(), &count) < 0) {
    ids.resize(static_cast<std::size_t>(count));
    if (::getgrouplist(entry.pw_name, entry.pw_gid, ids.data(), &count) < 0) return names;
  }
  ids.resize(static_cast<std::size_t>(count));
  for (const gid_t id : ids) {
    group described{};
    group* known = nullptr;
    std::vector<char> of_group(256 * 1024);
    if (::getgrgid_r(id, &described, of_group.data(), of_group.size(), &known) == 0 && known != nullptr)
      names.emplace(described.gr_name);
  }
  return names;
}

class SystemUsers : public Users {
 public:
  explicit SystemUsers(PamOptions options) : options_(std::move(options)) {}

  Result<Names> log_in(const std::string& user, const std::string& password) const override {
    const auto usable = [](const std::string& text) {
      return text.size() <= kMaxLength && text.find('\0') == std::string::npos;
    };
    if (user.empty() || !usable(user) || !usable(password)) return refused();
    auto name = authenticated_name(options_, user, password);
    if (!name) return name.error();
    const Names groups = groups_of(*name);
    Names roles;
    for (const auto& [role, of_role] : options_.groups_by_role)
      if (std::ranges::any_of(of_role, [&](const std::string& each) { return groups.contains(each); }))
        roles.insert(role);
    if (roles.empty()) return refused();
    return roles;
  }

 private:
  const PamOptions options_;
};

}  // namespace

std::unique_ptr<Users> users_of_the_system(PamOptions options) {
  return std::make_unique<SystemUsers>(std::move(options));
}

}  // namespace causeway::admin
