// SPDX-License-Identifier: MIT
#include "ecosystem/up.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <optional>

#include "base/exclusive_lock.hpp"
#include "base/files.hpp"
#include "domain/fault_code.hpp"
#include "ecosystem/central.hpp"
#include "ecosystem/centre/centres.hpp"
#include "ecosystem/centre/founding.hpp"
#include "ecosystem/children.hpp"
#include "ecosystem/description.hpp"
#include "ecosystem/output.hpp"
#include "ecosystem/readiness.hpp"
#include "ecosystem/registers/service.hpp"
#include "ecosystem/scenario/scenario.hpp"
#include "ecosystem/signals.hpp"
#include "ecosystem/state.hpp"
#include "ecosystem/trust_services.hpp"

namespace causeway::ecosystem {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kReadyLimit{60};
constexpr std::size_t kLogLines = 15;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

class Ecosystem {
 public:
  Ecosystem(const UpOptions& options, Layout layout, State state, std::uint16_t base)
      : options_(options),
        layout_(std::move(layout)),
        state_(state),
        plan_(make_plan(options.federation)),
        ports_(ports_from(base, plan_)),
        centres_(plan_, ports_, layout_, kReadyLimit) {
    moved_ = state_.complete && state_.base_port != base;
    state_.federation = options.federation;
    state_.base_port = base;
    state_.planned_centre = planned();
  }

  Result<bool> run() {
    auto outcome = start();
    if (!outcome) return outcome.error();
    const bool scenario = options_.once || !options_.report.empty();
    bool good = true;
    if (scenario && !signals_.stop_asked()) {
      auto held = run_steps();
      if (!held) return held.error();
      good = *held;
    }
    if (!options_.once && !signals_.stop_asked()) {
      print_progress("Running until Ctrl-C.");
      good = watch() && good;
    }
    print_progress("Stopping.");
    children_.stop_all(20s);
    return good;
  }

 private:
  Result<void> start() {
    const auto began = Clock::now();
    const bool first_time = !state_.complete;
    if (auto written = write_state(layout_.state(), state_); !written) return written;
    // Registers and empty centres take a moment to be made, as the keys do.
    if (auto started = start_registers(); !started) return started;
    if (auto started = planned() ? Result<void>() : start_centres(first_time); !started) return started;
    if (!state_.complete) {
      print_progress("Making keys, certificates and registers ...");
      if (auto made = make_keys(plan_, layout_, options_.keys, options_.centre()); !made) return made;
    }
    if (auto started = start_trust_services(); !started) return started;
    if (auto ready = planned() ? start_sources() : tell_centres(); !ready) return ready;
    if (auto written = write_configurations(plan_, ports_, layout_, options_.crowd, options_.parameters); !written)
      return written;
    if (auto started = start_servers(); !started) return started;
    if (!state_.complete) {
      if (auto registered = planned() ? Result<void>() : register_servers(); !registered) return registered;
      state_.complete = true;
      if (auto written = write_state(layout_.state(), state_); !written) return written;
    }

    auto samples = write_samples(plan_, ports_, layout_);
    if (!samples) return samples.error();
    const auto ready = wait_until_ready(plan_, ports_, caller_, [this] { return keep_waiting(); }, kReadyLimit);
    if (!ready) return ready.error();
    auto described = write_description(plan_, ports_, layout_, children_, *samples, *ready);
    if (!described) return described;
    const double took = seconds_since(began);
    started_ = {
        .name = first_time ? "first start, with keys and registers, to signed answers" : "start to signed answers",
        .ok = true,
        .ms = took * 1000,
        .detail = memory_text()};
    print_progress(fmt::format("Ready after {:.1f} s, {}.", took, memory_text()));
    if (!options_.once) print_overview(plan_, ports_, layout_, *samples);
    return {};
  }

  Result<void> start_child(const PlannedInstance& instance, std::string_view role,
                           const std::vector<std::string>& arguments) {
    const std::string name = process_name(instance, role);
    const auto started = children_.start(name, arguments, layout_.log(name));
    return started ? Result<void>() : started.error();
  }

  Result<void> start_registers() {
    for (const PlannedInstance& instance : plan_.instances) {
      auto started = start_child(instance, "registers",
                                 {"up-registers", "--dir", layout_.root().string(), "--instance", instance.id});
      if (!started) return started;
    }
    return {};
  }

  bool planned() const { return options_.centre() == CentreKind::planned; }

  Result<void> start_trust_services() {
    for (std::size_t i = 0; i < plan_.instances.size(); ++i) {
      const PlannedInstance& instance = plan_.instances[i];
      auto started = start_child(instance, "test-ca", trust_services_arguments(layout_, instance, ports_.instances[i]));
      if (!started) return started;
    }
    return {};
  }

  // Configuration sources that need no Central Server.
  Result<void> start_sources() {
    if (auto written = write_anchors(plan_, ports_, layout_); !written) return written;
    for (std::size_t i = 0; i < plan_.instances.size(); ++i) {
      auto written = write_member_count(layout_, plan_.instances[i], i == 0 ? options_.crowd.members : 0);
      if (!written) return written;
    }
    for (const PlannedInstance& instance : plan_.instances) {
      auto started =
          start_child(instance, "central", {"up-central", "--dir", layout_.root().string(), "--instance", instance.id});
      if (!started) return started;
    }
    return wait_for_sources(ports_, caller_, [this] { return keep_waiting(); }, kReadyLimit);
  }

  Result<void> start_centres(bool first_time) {
    for (std::size_t i = 0; i < plan_.instances.size(); ++i) {
      const PlannedInstance& instance = plan_.instances[i];
      auto done = prepare_centre(layout_, instance, ports_.instances[i], first_time);
      if (!done) return done;
      done = start_child(instance, "central", {"central-server", "run", "--dir", layout_.central(instance).string()});
      if (!done) return done;
    }
    return {};
  }

  Result<void> tell_centres() {
    const auto known = !state_.complete ? Centres::Known::nothing
                       : moved_         ? Centres::Known::moved
                                        : Centres::Known::all;
    auto told = beside([&](const KeepWaiting& go_on) { return centres_.tell(known, go_on); });
    if (!told) return told;
    return wait_for_sources(ports_, caller_, [this] { return keep_waiting(); }, kReadyLimit);
  }

  Result<void> register_servers() {
    print_progress("Registering servers and clients ...");
    return beside([this](const KeepWaiting& go_on) { return centres_.register_servers(go_on); });
  }

  // On threads of its own, while this one watches the processes.
  template <class Do>
  Result<void> beside(const Do& work) {
    std::atomic<bool> given_up = false;
    const KeepWaiting go_on = [&given_up]() -> Result<void> {
      return given_up ? fault(FaultCode::io_error, "given up") : Result<void>();
    };
    auto running = std::async(std::launch::async, [&] { return Result<void>(work(go_on)); });
    while (running.wait_for(50ms) != std::future_status::ready) {
      if (auto going = keep_waiting(); !going) {
        given_up = true;
        running.wait();
        return going;
      }
    }
    return running.get();
  }

  Result<void> start_servers() {
    for (const PlannedInstance& instance : plan_.instances) {
      for (const PlannedServer* server : instance.servers()) {
        auto started = start_child(instance, server->folder,
                                   {"security-server", "--dir", layout_.server(instance, *server).string()});
        if (!started) return started;
      }
    }
    return {};
  }

  // Tells of processes that ended; true when there were any.
  bool report_ended() {
    const auto ended = children_.reap();
    for (const Children::Ended& one : ended) {
      print_progress(fmt::format("{} has ended with {}. The end of {}:\n{}", one.child.name, one.how,
                                 one.child.log.string(), last_lines(one.child.log, kLogLines)));
    }
    return !ended.empty();
  }

  Result<void> keep_waiting() {
    if (signals_.wait(0ms)) return fault(FaultCode::bad_request, "stopped before it was ready");
    if (report_ended()) return fault(FaultCode::io_error, "a process ended by itself");
    return {};
  }

  // Until the user wants an end; false when a process ended before.
  bool watch() {
    while (!signals_.wait(1000ms)) {
      if (report_ended()) return false;
    }
    return true;
  }

  Result<bool> run_steps() {
    print_step(started_);
    auto running = std::async(std::launch::async, [this] {
      return run_scenario(plan_, ports_, layout_, [](const StepReport& step) { print_step(step); });
    });
    while (running.wait_for(0ms) != std::future_status::ready) {
      // Without servers the remaining steps end soon.
      if (signals_.wait(50ms) || report_ended()) children_.stop_all(20s);
    }
    std::vector<StepReport> steps = running.get();
    steps.insert(steps.begin(), started_);
    steps.push_back({.name = "memory of all processes afterwards", .ok = true, .ms = 0, .detail = memory_text()});
    print_step(steps.back());
    bool all = !signals_.stop_asked();
    for (const StepReport& step : steps) all = all && step.ok;
    print_summary(steps);
    if (options_.report.empty()) return all;
    if (auto written = write_report(options_.report, steps); !written) return written.error();
    return all;
  }

  std::string memory_text() const {
    const std::vector<pid_t> processes = process_tree(::getpid());
    return fmt::format("{:.0f} MB in {} processes", static_cast<double>(proportional_memory(processes)) / 1e6,
                       processes.size());
  }

  const UpOptions& options_;
  const Layout layout_;
  State state_;
  const Plan plan_;
  const Ports ports_;
  Centres centres_;     // told nothing where the plan is published
  bool moved_ = false;  // other ports than last time
  // Before anything that has threads.
  Signals signals_;
  Caller caller_;
  Children children_;
  StepReport started_;
};

// Which instance of a running ecosystem, for its internal processes.
struct Place {
  Layout layout;
  Plan plan;
  Ports ports;
  std::size_t index;
};

Result<Place> find_place(const std::string& directory, const std::string& instance) {
  const Layout layout(directory);
  const auto state = read_state(layout.state());
  if (!state) return state.error();
  Plan plan = make_plan(state->federation);
  Ports ports = ports_from(state->base_port, plan);
  for (std::size_t i = 0; i < plan.instances.size(); ++i) {
    if (plan.instances[i].id == instance) return Place{layout, std::move(plan), std::move(ports), i};
  }
  return fault(FaultCode::bad_request, "no such instance here: " + instance);
}

}  // namespace

Result<bool> up(const UpOptions& options) {
  const Layout layout(options.directory);
  if (auto made = make_directories(layout.root()); !made) return made.error();
  const auto lock = ExclusiveLock::take(layout.lock());
  if (!lock) return lock.error();
  if (!*lock)
    return fault(FaultCode::bad_request, "causeway up runs with this directory already: " + layout.root().string());
  const auto state = read_state(layout.state());
  if (!state) return state.error();
  if (state->complete && state->federation != options.federation) {
    return fault(FaultCode::bad_request, fmt::format("{} holds an ecosystem {} federation; choose another --dir",
                                                     layout.root().string(), state->federation ? "with" : "without"));
  }
  if (state->complete && state->planned_centre != (options.centre() == CentreKind::planned))
    return fault(FaultCode::bad_request,
                 fmt::format("{} holds an ecosystem {} Central Servers; choose another --dir", layout.root().string(),
                             state->planned_centre ? "without" : "with"));
  const auto base = choose_ports(options.base_port, state->base_port, make_plan(options.federation));
  if (!base) return base.error();
  return Ecosystem(options, layout, *state, *base).run();
}

Result<void> run_configuration_source(const std::string& directory, const std::string& instance) {
  const auto place = find_place(directory, instance);
  if (!place) return place.error();
  return run_configuration_source(place->plan, place->ports, place->layout, place->index);
}

Result<void> run_instance_registers(const std::string& directory, const std::string& instance) {
  const auto place = find_place(directory, instance);
  if (!place) return place.error();
  const PlannedInstance& planned = place->plan.instances[place->index];
  return run_registers({.country = planned.country,
                        .directory = place->layout.registers(planned).string(),
                        .port = place->ports.instances[place->index].registers,
                        .sizes = {}});
}

}  // namespace causeway::ecosystem
