//! The pool of workers, with real threads.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use moodcall::base::clock;
use moodcall::media::pipeline::Event;
use moodcall::media::pipeline::worker::{Pool, PoolError, PoolOptions, TakeHandle};
use moodcall::media::vision::CatalogError;
use moodcall::media::vision::manifest::Role;
use moodcall::media::{Background, Frame, Mood, Rung};
use moodcall::rtp::packet::Packet;

use super::{catalog, clip};

const PATIENCE: Duration = Duration::from_secs(20);
const ONE: PoolOptions = PoolOptions { workers: 1, takes_per_worker: 4, queue: 512 };

fn take(pool: &Pool) -> (TakeHandle, Receiver<Vec<Packet>>, Receiver<Event>) {
    let ((sink, pictures), (events_in, events)) = (channel(), channel());
    let handle = pool
        .take(Box::new(move |packets| drop(sink.send(packets))), Box::new(move |event| drop(events_in.send(event))));
    (handle.unwrap(), pictures, events)
}

fn first_event(events: &Receiver<Event>, wanted: impl Fn(&Event) -> bool) -> Event {
    loop {
        let event = events.recv_timeout(PATIENCE).expect("the event in time");
        if wanted(&event) {
            return event;
        }
    }
}

#[test]
fn takes_on_one_worker_all_get_their_pictures() {
    let pool = Pool::start(ONE, Ok(catalog()));
    let clip = clip((320, 240), 10);
    let takes: Vec<_> = (0..3).map(|_| take(&pool)).collect();
    assert_eq!(pool.takes(), 3);
    for (handle, _, events) in &takes {
        handle.set_background(Background::Scene(Mood::Happiness));
        first_event(events, |event| *event == Event::NeedKeyframe);
    }
    for packets in clip.packets(96, 1).take(10) {
        for (handle, pictures, _) in &takes {
            packets.iter().for_each(|packet| assert!(handle.try_push(packet, clock::now())));
            // A late picture is left out by design, so only the first one is certain.
            let _ = pictures.recv_timeout(Duration::from_millis(200));
        }
    }
    for (handle, ..) in &takes {
        let (sink, snapshot) = channel();
        handle.snapshot(Box::new(move |frame| drop(sink.send(frame))));
        let frame: Option<Frame> = snapshot.recv_timeout(PATIENCE).unwrap();
        assert_eq!(frame.expect("something was sent").size(), (320, 240));
    }
}

#[test]
fn a_full_queue_drops_up_to_a_keyframe_and_asks_for_it() {
    let pool = Pool::start(PoolOptions { queue: 8, ..ONE }, Ok(catalog()));
    let (handle, _pictures, events) = take(&pool);
    handle.set_background(Background::Blur);
    first_event(&events, |event| *event == Event::NeedKeyframe);
    let clip = clip((640, 480), 2);
    let packets: Vec<_> = clip.packets(96, 1).take(2).flatten().collect();
    let dropped = (0..200).any(|index| !handle.try_push(&packets[index % packets.len()], clock::now()));
    assert!(dropped, "nobody can be that fast");
    handle.request_keyframe();
    first_event(&events, |event| *event == Event::NeedKeyframe);
}

#[test]
fn a_panic_ends_one_take_and_not_the_worker() {
    let pool = Pool::start(ONE, Ok(catalog()));
    let (events_in, events) = channel();
    let clip = clip((160, 120), 3);
    let broken = pool
        .take(Box::new(|_| panic!("this sink is broken")), Box::new(move |event| drop(events_in.send(event))))
        .unwrap();
    let (healthy, pictures, _events) = take(&pool);
    for handle in [&broken, &healthy] {
        handle.set_background(Background::Blur);
        for packet in clip.packets(96, 1).take(3).flatten() {
            handle.try_push(&packet, clock::now());
        }
    }
    let failed = first_event(&events, |event| matches!(event, Event::Failed(_)));
    assert_eq!(failed, Event::Failed("panic: this sink is broken".into()));
    pictures.recv_timeout(PATIENCE).expect("the other take goes on");
    assert!(!broken.try_push(&clip.packets(96, 1).next().unwrap()[0], clock::now()), "the broken one is over");
    assert_eq!(pool.takes(), 1);
}

#[test]
fn one_picture_is_decoded_without_networks() {
    let pool = Pool::start(ONE, Err(CatalogError::Missing(Role::Face)));
    let refused = pool.take(Box::new(drop), Box::new(drop)).err().unwrap();
    assert!(matches!(refused, PoolError::Unavailable(reason) if reason.contains("Face")));

    let ((picture, pictures), (events_in, events)) = (channel(), channel());
    let handle = pool
        .decode_one(
            Box::new(move |event| drop(events_in.send(event))),
            Box::new(move |frame| drop(picture.send(frame))),
        )
        .unwrap();
    first_event(&events, |event| *event == Event::NeedKeyframe);
    for packet in clip((320, 240), 2).packets(96, 1).take(2).flatten() {
        handle.try_push(&packet, clock::now());
    }
    assert_eq!(pictures.recv_timeout(PATIENCE).unwrap().size(), (320, 240));
    assert_eq!(pictures.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected), "one picture and no more");
}

#[test]
fn takes_are_limited_and_leave_nothing_behind() {
    let pool = Pool::start(ONE, Ok(catalog()));
    let takes: Vec<_> = (0..4).map(|_| take(&pool)).collect();
    assert_eq!(pool.take(Box::new(drop), Box::new(drop)).err(), Some(PoolError::Full));
    let ends: Vec<_> = takes
        .into_iter()
        .map(|(handle, pictures, _)| {
            drop(handle);
            pictures
        })
        .collect();
    for pictures in ends {
        assert_eq!(pictures.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected), "the sink is gone");
    }
    assert_eq!(pool.takes(), 0);
}

#[test]
fn a_hopeless_load_walks_down_the_ladder_to_the_original() {
    let pool = Pool::start(ONE, Ok(catalog()));
    let (events_in, events) = channel();
    // A sink that takes longer than three frames stands for a machine that is that slow.
    let slow = Box::new(|_| std::thread::sleep(Duration::from_millis(110)));
    let handle = pool.take(slow, Box::new(move |event| drop(events_in.send(event)))).unwrap();
    handle.set_background(Background::Blur);
    let clip = clip((160, 120), 30);
    let (feeder, stop) = (clip.clone(), channel::<()>());
    std::thread::scope(|scope| {
        let (handle, stopped) = (&handle, stop.1);
        scope.spawn(move || {
            for packets in feeder.packets(96, 1) {
                for packet in &packets {
                    handle.try_push(packet, clock::now());
                }
                if stopped.recv_timeout(Duration::from_millis(33)) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        });
        let worse = first_event(&events, |event| matches!(event, Event::Rung(_)));
        assert_eq!(worse, Event::Rung(Rung::ReuseMatte));
        let next = first_event(&events, |event| matches!(event, Event::Rung(_)));
        assert_eq!(next, Event::Rung(Rung::LessAnalysis));
        drop(stop.0);
    });
}
