//! The worlds of the repository, each used and exported by a package that is made for it. Whether a component is one of
//! its world the component tools say.

use dot_tests::root;
use dot_tests::worlds::{Verdict, corpus, judge};

#[test]
// r[wit.world.use], r[wit.world.export], r[wit.world.implement], r[wit.async], r[wit.feature]
fn every_world_here_is_used_and_exported() {
    let (mut passed, mut refused, mut wrong) = (0, Vec::new(), Vec::new());
    for folder in ["tests/wit", "stdlib/wit"] {
        let found = corpus(&root().join(folder));
        assert_eq!(found.left_out, [], "{folder}");
        for source in &found.sources {
            for world in &source.worlds {
                match judge(source, world, &[]).0 {
                    Verdict::Passed => passed += 1,
                    Verdict::Failed(why) | Verdict::NoOracle(why) => {
                        wrong.push(format!("{}: {why}", world.name))
                    }
                    Verdict::Refused(_) => {
                        refused.push(world.name.clone());
                        let (verdict, _) = judge(source, world, &["fixed-length-lists", "maps"]);
                        if verdict != Verdict::Passed {
                            wrong.push(format!("{}, where the target has both: {verdict:?}", world.name));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Only these two need more than every target has.
    assert_eq!(refused, ["demo:features/with-maps", "demo:features/with-arrays"]);
    assert!(passed >= 25, "only {passed} worlds");
}
