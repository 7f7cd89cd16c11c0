// hnswlib, spoken to as README.md says. g++ -O3 -march=native -ffast-math -std=c++20 -pthread -DNDEBUG
#include <memory>
#include <hnswlib/hnswlib.h>
#include "peer.hpp"

// The same distance, counted: a second index over the same file uses it, so that the timed one pays nothing.
static size_t evaluations = 0;
struct Space : hnswlib::InnerProductSpace {
    using InnerProductSpace::InnerProductSpace;
    static hnswlib::DISTFUNC<float> plain;
    static float counted(const void* a, const void* b, const void* n) { evaluations++; return plain(a, b, n); }
};
hnswlib::DISTFUNC<float> Space::plain;
struct CountingSpace : Space {
    using Space::Space;
    hnswlib::DISTFUNC<float> get_dist_func() override { plain = InnerProductSpace::get_dist_func(); return counted; }
};

struct Hnswlib {
    using Index = hnswlib::HierarchicalNSW<float>;
    const Rows &base, &queries;
    const int m, efc, threads;
    const char* name = "hnswlib C++ -march=native";
    hnswlib::InnerProductSpace space{size_t(base.width)};
    CountingSpace counting{size_t(base.width)};
    std::unique_ptr<Index> index, counted;

    void build() {
        index.reset(new Index(&space, base.count, m, efc));
        index->addPoint(base.at(0), 0);
        onThreads(base.count - 1, threads, [&](size_t i) { index->addPoint(base.at(i + 1), i + 1); });
    }
    void save(const std::string& file) { index->saveIndex(file); }
    void drop() { index.reset(); }
    void load(const std::string& file) { index.reset(new Index(&space, file, false, base.count)); }
    void ready(const std::string& file) { counted.reset(new Index(&counting, file, false, base.count)); }
    void set(int ef, int) { index->setEf(ef); counted->setEf(ef); }
    void one(size_t query, int32_t* out) { search(*index, query, out); }
    void all(int32_t* out) { onThreads(queries.count, threads, [&](size_t i) { one(i, out + i * K); }); }
    double evaluations() {
        ::evaluations = 0;
        int32_t found[K];
        for (size_t i = 0; i < queries.count; i++) search(*counted, i, found);
        return double(::evaluations);
    }
    void search(Index& in, size_t query, int32_t* out) {
        auto found = in.searchKnn(queries.at(query), K);
        for (int i = int(found.size()); !found.empty(); found.pop()) out[--i] = int32_t(found.top().second);
    }
};

int main(int count, char** arguments) { return run<Hnswlib>(count, arguments); }
