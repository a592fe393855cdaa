// SPDX-License-Identifier: MIT
#include "ecosystem/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>

#include "base/files.hpp"
#include "ecosystem/central.hpp"
#include "ecosystem/centre/founding.hpp"
#include "ecosystem/trust_services.hpp"

namespace causeway::ecosystem {
namespace {

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// Emphasis, where there is a terminal.
std::string emphasised(const std::string& text, const char* code) {
  static const bool terminal = ::isatty(STDOUT_FILENO) != 0;
  return terminal ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}
std::string bold(const std::string& text) { return emphasised(text, "1"); }
std::string green(const std::string& text) { return emphasised(text, "32"); }
std::string red(const std::string& text) { return emphasised(text, "31"); }

std::string overview_of(const Layout& layout, const PlannedInstance& instance, const Ports& ports,
                        const InstancePorts& own_ports) {
  std::string text = "\n" + bold(instance.id) + "\n";
  for (const PlannedServer* server : instance.servers()) {
    text += fmt::format("  Security Server  {:<22} {}  {}  {}\n", server->id.to_rest(), consumer_url(*server, ports),
                        consumer_tls_url(*server, ports), server->owner_name);
    for (const PlannedClient& client : server->clients) {
      text += fmt::format("    {:<36} {}{}\n", client.id.to_rest(), client.name,
                          client.tls_required ? " (HTTPS with certificate)" : "");
    }
  }
  if (centre_line(layout, instance, own_ports, ""))
    text +=
        fmt::format("  Central Server   {}  API key in {}\n", centre_url(own_ports), layout.api_key(instance).string());
  text += fmt::format("  Configuration    http://{}/internalconf\n", source_address(own_ports));
  text += fmt::format("  Trust services   CA {}  OCSP {}  TSA {}\n", certification_url(own_ports), ocsp_url(own_ports),
                      timestamping_url(own_ports));
  text += fmt::format("  Registers        http://127.0.0.1:{}/\n", own_ports.registers);
  return text;
}

// Long details are cut: the report has them whole.
std::string one_line(std::string text, std::size_t width) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (text.size() <= width) return text;
  // Not in the middle of a character.
  while (width > 0 && (static_cast<unsigned char>(text[width]) & 0xC0U) == 0x80U) --width;
  return text.substr(0, width) + "...";
}

}  // namespace

void print_progress(const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); }

void print_overview(const Plan& plan, const Ports& ports, const Layout& layout, const std::vector<Sample>& samples) {
  std::string text = fmt::format("Ecosystem in {}\n", bold(layout.root().string()));
  for (std::size_t i = 0; i < plan.instances.size(); ++i) {
    text += overview_of(layout, plan.instances[i], ports, ports.instances[i]);
  }
  text += "\n" + bold("Try") + "\n";
  const std::size_t shown = std::min<std::size_t>(samples.size(), 6);
  for (std::size_t i = 0; i < shown; ++i) text += fmt::format("  # {}\n  {}\n", samples[i].name, samples[i].curl);
  const PlannedInstance& first = plan.instances.front();
  if (const auto line = centre_line(layout, first, ports.instances.front(), "/clients"))
    text += fmt::format("  # {}: Who takes part, by the Central Server\n  {}\n", first.id, *line);
  text += fmt::format("\nEverything, with more samples: {}\nLogs: {}\n", layout.description().string(),
                      layout.log("x").parent_path().string());
  print(text);
}

void print_step(const StepReport& step) {
  const std::string mark = step.ok ? green("ok    ") : red("FAILED");
  print(fmt::format("  {} {:<58} {:>8.1f} ms  {}\n", mark, step.name, step.ms, one_line(step.detail, 90)));
}

void print_summary(const std::vector<StepReport>& steps) {
  const auto good = std::count_if(steps.begin(), steps.end(), [](const StepReport& step) { return step.ok; });
  const bool all = good == static_cast<std::ptrdiff_t>(steps.size());
  const std::string text = fmt::format("{} of {} steps hold", good, steps.size());
  print("\n" + (all ? green(text) : red(text)) + "\n");
}

Result<void> write_report(const std::string& file, const std::vector<StepReport>& steps) {
  boost::json::array list;
  for (const StepReport& step : steps) {
    list.push_back(boost::json::object{{"name", step.name}, {"ok", step.ok}, {"ms", step.ms}, {"detail", step.detail}});
  }
  return write_file_atomically(file, boost::json::serialize(boost::json::object{{"steps", std::move(list)}}) + "\n");
}

std::string last_lines(const std::filesystem::path& log, std::size_t lines) {
  const auto text = read_file(log);
  if (!text) return {};
  // The line end of the last line belongs to it.
  std::size_t start = text->size();
  for (std::size_t line = 0; line < lines && start > 0; ++line) {
    const auto before = start >= 2 ? text->rfind('\n', start - 2) : std::string::npos;
    start = before == std::string::npos ? 0 : before + 1;
  }
  return text->substr(start);
}

}  // namespace causeway::ecosystem
