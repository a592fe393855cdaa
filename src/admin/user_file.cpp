// SPDX-License-Identifier: MIT
#include "admin/user_file.hpp"

#include <crypt.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "base/files.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"

namespace causeway::admin {
namespace {

constexpr std::size_t kFileLimit = 1 << 20;
constexpr std::size_t kMaxLength = 255;  // of a name or a password
constexpr const char* kMethod = "$y$";   // yescrypt
// Checked for those who are not there, so that nobody learns from the time who is.
constexpr const char* kNobodysHash = "$y$j9T$0000000000000000000000$0000000000000000000000000000000000000000000";

struct User {
  std::string name, hash;
  Names roles;
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  for (;;) {
    const std::size_t end = text.find(separator);
    out.emplace_back(text.substr(0, end));
    if (end == text.npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::optional<User> read_line(const std::string& line) {
  const auto fields = split(line, ':');
  if (fields.size() != 3 || fields[0].empty() || fields[1].empty()) return std::nullopt;
  User user{fields[0], fields[1], {}};
  for (const std::string& role : split(fields[2], ','))
    if (!role.empty()) user.roles.insert(role);
  return user;
}

Result<std::vector<User>> read_users(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return std::vector<User>();
  const auto text = read_file(file, kFileLimit);
  if (!text) return text.error();
  std::vector<User> users;
  for (const std::string& line : split(*text, '\n'))
    if (auto user = read_line(line)) users.push_back(*std::move(user));
  return users;
}

std::string text_of(const User& user) {
  std::string roles;
  for (const std::string& role : user.roles) roles += (roles.empty() ? "" : ",") + role;
  return user.name + ":" + user.hash + ":" + roles + "\n";
}

bool is_usable(std::string_view text) {
  return !text.empty() && text.size() <= kMaxLength && text.find('\0') == text.npos;
}

bool fits(const std::string& password, const std::string& hash) {
  const auto work = std::make_unique<crypt_data>();
  const char* const made = ::crypt_r(password.c_str(), hash.c_str(), work.get());
  return made != nullptr && hash == made;
}

class FileUsers : public Users {
 public:
  explicit FileUsers(std::filesystem::path file) : file_(std::move(file)) {}

  Result<Names> log_in(const std::string& name, const std::string& password) const override {
    const Fault refused{"login_failed", "user name and password do not fit, or the user has no role here"};
    if (!is_usable(name) || !is_usable(password)) return refused;
    const auto users = read_users(file_);
    if (!users) {
      log::error("admin API: nobody can log in: {}", users.error().text);
      return refused;
    }
    const auto user = std::ranges::find(*users, name, &User::name);
    const bool known = user != users->end();
    if (!fits(password, known ? user->hash : std::string(kNobodysHash)) || !known || user->roles.empty())
      return refused;
    return user->roles;
  }

 private:
  const std::filesystem::path file_;
};

}  // namespace

std::unique_ptr<Users> users_of_file(std::filesystem::path file) {
  return std::make_unique<FileUsers>(std::move(file));
}

Result<void> put_user(const std::filesystem::path& file, const std::string& name, const std::string& password,
                      const Names& roles) {
  if (!is_usable(name) || name.find_first_of(":\n\r") != name.npos)
    return fault(FaultCode::bad_request, "a user cannot be called '" + name + "'");
  if (!is_usable(password))
    return fault(FaultCode::bad_request, "a password has 1 to " + std::to_string(kMaxLength) + " octets");
  auto users = read_users(file);
  if (!users) return users.error();
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> salt{};
  const auto work = std::make_unique<crypt_data>();
  const char* hash = nullptr;
  if (::crypt_gensalt_rn(kMethod, 0, nullptr, 0, salt.data(), static_cast<int>(salt.size())) != nullptr)
    hash = ::crypt_r(password.c_str(), salt.data(), work.get());
  if (hash == nullptr || hash[0] == '*') return fault(FaultCode::internal_error, "the password cannot be hashed");
  std::erase_if(*users, [&](const User& user) { return user.name == name; });
  users->push_back({name, hash, roles});
  std::string text;
  for (const User& user : *users) text += text_of(user);
  return write_file_atomically(file, text, 0600);
}

}  // namespace causeway::admin
