extension ProbeText {
    /// Chapters III and IV, without their titles; a paragraph a line.
    static let nextChapters = """
        I lingered a little behind the others to have a stare at this house, which, as I have told you, stood on the \
        site of my old dwelling.
        It was a longish building with its gable ends turned away from the road, and long traceried windows coming \
        rather low down set in the wall that faced us. It was very handsomely built of red brick with a lead roof; \
        and high up above the windows there ran a frieze of figure subjects in baked clay, very well executed, and \
        designed with a force and directness which I had never noticed in modern work before. The subjects I \
        recognised at once, and indeed was very particularly familiar with them.
        However, all this I took in in a minute; for we were presently within doors, and standing in a hall with a \
        floor of marble mosaic and an open timber roof. There were no windows on the side opposite to the river, but \
        arches below leading into chambers, one of which showed a glimpse of a garden beyond, and above them a long \
        space of wall gaily painted (in fresco, I thought) with similar subjects to those of the frieze outside; \
        everything about the place was handsome and generously solid as to material; and though it was not very \
        large (somewhat smaller than Crosby Hall perhaps), one felt in it that exhilarating sense of space and \
        freedom which satisfactory architecture always gives to an unanxious man who is in the habit of using his \
        eyes.
        In this pleasant place, which of course I knew to be the hall of the Guest House, three young women were \
        flitting to and fro. As they were the first of the sex I had seen on this eventful morning, I naturally \
        looked at them very attentively, and found them at least as good as the gardens, the architecture, and the \
        male men. As to their dress, which of course I took note of, I should say that they were decently veiled \
        with drapery, and not bundled up with millinery; that they were clothed like women, not upholstered like \
        armchairs, as most women of our time are. In short, their dress was somewhat between that of the ancient \
        classical costume and the simpler forms of the fourteenth century garments, though it was clearly not an \
        imitation of either: the materials were light and gay to suit the season. As to the women themselves, it was \
        pleasant indeed to see them, they were so kind and happy-looking in expression of face, so shapely and \
        well-knit of body, and thoroughly healthy-looking and strong. All were at least comely, and one of them very \
        handsome and regular of feature. They came up to us at once merrily and without the least affectation of \
        shyness, and all three shook hands with me as if I were a friend newly come back from a long journey: though \
        I could not help noticing that they looked askance at my garments; for I had on my clothes of last night, \
        and at the best was never a dressy person.
        A word or two from Robert the weaver, and they bustled about on our behoof, and presently came and took us \
        by the hands and led us to a table in the pleasantest corner of the hall, where our breakfast was spread for \
        us; and, as we sat down, one of them hurried out by the chambers aforesaid, and came back again in a little \
        while with a great bunch of roses, very different in size and quality to what Hammersmith had been wont to \
        grow, but very like the produce of an old country garden. She hurried back thence into the buttery, and came \
        back once more with a delicately made glass, into which she put the flowers and set them down in the midst \
        of our table. One of the others, who had run off also, then came back with a big cabbage-leaf filled with \
        strawberries, some of them barely ripe, and said as she set them on the table, "There, now; I thought of \
        that before I got up this morning; but looking at the stranger here getting into your boat, Dick, put it out \
        of my head; so that I was not before all the blackbirds: however, there are a few about as good as you will \
        get them anywhere in Hammersmith this morning."
        Robert patted her on the head in a friendly manner; and we fell to on our breakfast, which was simple \
        enough, but most delicately cooked, and set on the table with much daintiness. The bread was particularly \
        good, and was of several different kinds, from the big, rather close, dark-coloured, sweet-tasting farmhouse \
        loaf, which was most to my liking, to the thin pipe-stems of wheaten crust, such as I have eaten in Turin.
        As I was putting the first mouthfuls into my mouth my eye caught a carved and gilded inscription on the \
        panelling, behind what we should have called the High Table in an Oxford college hall, and a familiar name \
        in it forced me to read it through. Thus it ran:
        "Guests and neighbours, on the site of this Guest-hall once stood the lecture-room of the Hammersmith \
        Socialists. Drink a glass to the memory! May 1962."
        It is difficult to tell you how I felt as I read these words, and I suppose my face showed how much I was \
        moved, for both my friends looked curiously at me, and there was silence between us for a little while.
        Presently the weaver, who was scarcely so well mannered a man as the ferryman, said to me rather awkwardly:
        "Guest, we don't know what to call you: is there any indiscretion in asking you your name?"
        "Well," said I, "I have some doubts about it myself; so suppose you call me Guest, which is a family name, \
        you know, and add William to it if you please."
        Dick nodded kindly to me; but a shade of anxiousness passed over the weaver's face, and he said--"I hope you \
        don't mind my asking, but would you tell me where you come from? I am curious about such things for good \
        reasons, literary reasons."
        Dick was clearly kicking him underneath the table; but he was not much abashed, and awaited my answer \
        somewhat eagerly. As for me, I was just going to blurt out "Hammersmith," when I bethought me what an \
        entanglement of cross purposes that would lead us into; so I took time to invent a lie with circumstance, \
        guarded by a little truth, and said:
        "You see, I have been such a long time away from Europe that things seem strange to me now; but I was born \
        and bred on the edge of Epping Forest; Walthamstow and Woodford, to wit."
        "A pretty place, too," broke in Dick; "a very jolly place, now that the trees have had time to grow again \
        since the great clearing of houses in 1955."
        Quoth the irrepressible weaver: "Dear neighbour, since you knew the Forest some time ago, could you tell me \
        what truth there is in the rumour that in the nineteenth century the trees were all pollards?"
        This was catching me on my archaeological natural-history side, and I fell into the trap without any thought \
        of where and when I was; so I began on it, while one of the girls, the handsome one, who had been scattering \
        little twigs of lavender and other sweet-smelling herbs about the floor, came near to listen, and stood \
        behind me with her hand on my shoulder, in which she held some of the plant that I used to call balm: its \
        strong sweet smell brought back to my mind my very early days in the kitchen-garden at Woodford, and the \
        large blue plums which grew on the wall beyond the sweet-herb patch,--a connection of memories which all \
        boys will see at once.
        I started off: "When I was a boy, and for long after, except for a piece about Queen Elizabeth's Lodge, and \
        for the part about High Beech, the Forest was almost wholly made up of pollard hornbeams mixed with holly \
        thickets. But when the Corporation of London took it over about twenty-five years ago, the topping and \
        lopping, which was a part of the old commoners' rights, came to an end, and the trees were let to grow. But \
        I have not seen the place now for many years, except once, when we Leaguers went a pleasuring to High Beech. \
        I was very much shocked then to see how it was built-over and altered; and the other day we heard that the \
        philistines were going to landscape-garden it. But what you were saying about the building being stopped and \
        the trees growing is only too good news;--only you know--"
        At that point I suddenly remembered Dick's date, and stopped short rather confused. The eager weaver didn't \
        notice my confusion, but said hastily, as if he were almost aware of his breach of good manners, "But, I \
        say, how old are you?"
        Dick and the pretty girl both burst out laughing, as if Robert's conduct were excusable on the grounds of \
        eccentricity; and Dick said amidst his laughter:
        "Hold hard, Bob; this questioning of guests won't do. Why, much learning is spoiling you. You remind me of \
        the radical cobblers in the silly old novels, who, according to the authors, were prepared to trample down \
        all good manners in the pursuit of utilitarian knowledge. The fact is, I begin to think that you have so \
        muddled your head with mathematics, and with grubbing into those idiotic old books about political economy \
        (he he!), that you scarcely know how to behave. Really, it is about time for you to take to some open-air \
        work, so that you may clear away the cobwebs from your brain."
        The weaver only laughed good-humouredly; and the girl went up to him and patted his cheek and said \
        laughingly, "Poor fellow! he was born so."
        As for me, I was a little puzzled, but I laughed also, partly for company's sake, and partly with pleasure \
        at their unanxious happiness and good temper; and before Robert could make the excuse to me which he was \
        getting ready, I said:
        "But neighbours" (I had caught up that word), "I don't in the least mind answering questions, when I can do \
        so: ask me as many as you please; it's fun for me. I will tell you all about Epping Forest when I was a boy, \
        if you please; and as to my age, I'm not a fine lady, you know, so why shouldn't I tell you? I'm hard on \
        fifty-six."
        In spite of the recent lecture on good manners, the weaver could not help giving a long "whew" of \
        astonishment, and the others were so amused by his naivete that the merriment flitted all over their faces, \
        though for courtesy's sake they forbore actual laughter; while I looked from one to the other in a puzzled \
        manner, and at last said:
        "Tell me, please, what is amiss: you know I want to learn from you. And please laugh; only tell me."
        Well, they did laugh, and I joined them again, for the above-stated reasons. But at last the pretty woman \
        said coaxingly--
        "Well, well, he is rude, poor fellow! but you see I may as well tell you what he is thinking about: he means \
        that you look rather old for your age. But surely there need be no wonder in that, since you have been \
        travelling; and clearly from all you have been saying, in unsocial countries. It has often been said, and no \
        doubt truly, that one ages very quickly if one lives amongst unhappy people. Also they say that southern \
        England is a good place for keeping good looks." She blushed and said: "How old am I, do you think?"
        "Well," quoth I, "I have always been told that a woman is as old as she looks, so without offence or \
        flattery, I should say that you were twenty."
        She laughed merrily, and said, "I am well served out for fishing for compliments, since I have to tell you \
        the truth, to wit, that I am forty-two."
        I stared at her, and drew musical laughter from her again; but I might well stare, for there was not a \
        careful line on her face; her skin was as smooth as ivory, her cheeks full and round, her lips as red as the \
        roses she had brought in; her beautiful arms, which she had bared for her work, firm and well-knit from \
        shoulder to wrist. She blushed a little under my gaze, though it was clear that she had taken me for a man \
        of eighty; so to pass it off I said--
        "Well, you see, the old saw is proved right again, and I ought not to have let you tempt me into asking you \
        a rude question."
        She laughed again, and said: "Well, lads, old and young, I must get to my work now. We shall be rather busy \
        here presently; and I want to clear it off soon, for I began to read a pretty old book yesterday, and I want \
        to get on with it this morning: so good-bye for the present."
        She waved a hand to us, and stepped lightly down the hall, taking (as Scott says) at least part of the sun \
        from our table as she went.
        When she was gone, Dick said "Now guest, won't you ask a question or two of our friend here? It is only fair \
        that you should have your turn."
        "I shall be very glad to answer them," said the weaver.
        "If I ask you any questions, sir," said I, "they will not be very severe; but since I hear that you are a \
        weaver, I should like to ask you something about that craft, as I am--or was--interested in it."
        "Oh," said he, "I shall not be of much use to you there, I'm afraid. I only do the most mechanical kind of \
        weaving, and am in fact but a poor craftsman, unlike Dick here. Then besides the weaving, I do a little with \
        machine printing and composing, though I am little use at the finer kinds of printing; and moreover machine \
        printing is beginning to die out, along with the waning of the plague of book-making, so I have had to turn \
        to other things that I have a taste for, and have taken to mathematics; and also I am writing a sort of \
        antiquarian book about the peaceable and private history, so to say, of the end of the nineteenth \
        century,--more for the sake of giving a picture of the country before the fighting began than for anything \
        else. That was why I asked you those questions about Epping Forest. You have rather puzzled me, I confess, \
        though your information was so interesting. But later on, I hope, we may have some more talk together, when \
        our friend Dick isn't here. I know he thinks me rather a grinder, and despises me for not being very deft \
        with my hands: that's the way nowadays. From what I have read of the nineteenth century literature (and I \
        have read a good deal), it is clear to me that this is a kind of revenge for the stupidity of that day, \
        which despised everybody who could use his hands. But Dick, old fellow, Ne quid nimis! Don't overdo it!"
        "Come now," said Dick, "am I likely to? Am I not the most tolerant man in the world? Am I not quite \
        contented so long as you don't make me learn mathematics, or go into your new science of aesthetics, and let \
        me do a little practical aesthetics with my gold and steel, and the blowpipe and the nice little hammer? \
        But, hillo! here comes another questioner for you, my poor guest. I say, Bob, you must help me to defend him \
        now."
        "Here, Boffin," he cried out, after a pause; "here we are, if you must have it!"
        I looked over my shoulder, and saw something flash and gleam in the sunlight that lay across the hall; so I \
        turned round, and at my ease saw a splendid figure slowly sauntering over the pavement; a man whose surcoat \
        was embroidered most copiously as well as elegantly, so that the sun flashed back from him as if he had been \
        clad in golden armour. The man himself was tall, dark-haired, and exceedingly handsome, and though his face \
        was no less kindly in expression than that of the others, he moved with that somewhat haughty mien which \
        great beauty is apt to give to both men and women. He came and sat down at our table with a smiling face, \
        stretching out his long legs and hanging his arm over the chair in the slowly graceful way which tall and \
        well-built people may use without affectation. He was a man in the prime of life, but looked as happy as a \
        child who has just got a new toy. He bowed gracefully to me and said--
        "I see clearly that you are the guest, of whom Annie has just told me, who have come from some distant \
        country that does not know of us, or our ways of life. So I daresay you would not mind answering me a few \
        questions; for you see--"
        Here Dick broke in: "No, please, Boffin! let it alone for the present. Of course you want the guest to be \
        happy and comfortable; and how can that be if he has to trouble himself with answering all sorts of \
        questions while he is still confused with the new customs and people about him? No, no: I am going to take \
        him where he can ask questions himself, and have them answered; that is, to my great-grandfather in \
        Bloomsbury: and I am sure you can't have anything to say against that. So instead of bothering, you had much \
        better go out to James Allen's and get a carriage for me, as I shall drive him up myself; and please tell \
        Jim to let me have the old grey, for I can drive a wherry much better than a carriage. Jump up, old fellow, \
        and don't be disappointed; our guest will keep himself for you and your stories."
        I stared at Dick; for I wondered at his speaking to such a dignified-looking personage so familiarly, not to \
        say curtly; for I thought that this Mr. Boffin, in spite of his well-known name out of Dickens, must be at \
        the least a senator of these strange people. However, he got up and said, "All right, old oar-wearer, \
        whatever you like; this is not one of my busy days; and though" (with a condescending bow to me) "my \
        pleasure of a talk with this learned guest is put off, I admit that he ought to see your worthy kinsman as \
        soon as possible. Besides, perhaps he will be the better able to answer my questions after his own have been \
        answered."
        And therewith he turned and swung himself out of the hall.
        When he was well gone, I said: "Is it wrong to ask what Mr. Boffin is? whose name, by the way, reminds me of \
        many pleasant hours passed in reading Dickens."
        Dick laughed. "Yes, yes," said he, "as it does us. I see you take the allusion. Of course his real name is \
        not Boffin, but Henry Johnson; we only call him Boffin as a joke, partly because he is a dustman, and partly \
        because he will dress so showily, and get as much gold on him as a baron of the Middle Ages. As why should \
        he not if he likes? only we are his special friends, you know, so of course we jest with him."
        I held my tongue for some time after that; but Dick went on:
        "He is a capital fellow, and you can't help liking him; but he has a weakness: he will spend his time in \
        writing reactionary novels, and is very proud of getting the local colour right, as he calls it; and as he \
        thinks you come from some forgotten corner of the earth, where people are unhappy, and consequently \
        interesting to a story-teller, he thinks he might get some information out of you. O, he will be quite \
        straightforward with you, for that matter. Only for your own comfort beware of him!"
        "Well, Dick," said the weaver, doggedly, "I think his novels are very good."
        "Of course you do," said Dick; "birds of a feather flock together; mathematics and antiquarian novels stand \
        on much the same footing. But here he comes again."
        And in effect the Golden Dustman hailed us from the hall-door; so we all got up and went into the porch, \
        before which, with a strong grey horse in the shafts, stood a carriage ready for us which I could not help \
        noticing. It was light and handy, but had none of that sickening vulgarity which I had known as inseparable \
        from the carriages of our time, especially the "elegant" ones, but was as graceful and pleasant in line as a \
        Wessex waggon. We got in, Dick and I. The girls, who had come into the porch to see us off, waved their \
        hands to us; the weaver nodded kindly; the dustman bowed as gracefully as a troubadour; Dick shook the \
        reins, and we were off.
        We turned away from the river at once, and were soon in the main road that runs through Hammersmith. But I \
        should have had no guess as to where I was, if I had not started from the waterside; for King Street was \
        gone, and the highway ran through wide sunny meadows and garden-like tillage. The Creek, which we crossed at \
        once, had been rescued from its culvert, and as we went over its pretty bridge we saw its waters, yet \
        swollen by the tide, covered with gay boats of different sizes. There were houses about, some on the road, \
        some amongst the fields with pleasant lanes leading down to them, and each surrounded by a teeming garden. \
        They were all pretty in design, and as solid as might be, but countryfied in appearance, like yeomen's \
        dwellings; some of them of red brick like those by the river, but more of timber and plaster, which were by \
        the necessity of their construction so like mediaeval houses of the same materials that I fairly felt as if \
        I were alive in the fourteenth century; a sensation helped out by the costume of the people that we met or \
        passed, in whose dress there was nothing "modern." Almost everybody was gaily dressed, but especially the \
        women, who were so well-looking, or even so handsome, that I could scarcely refrain my tongue from calling \
        my companion's attention to the fact. Some faces I saw that were thoughtful, and in these I noticed great \
        nobility of expression, but none that had a glimmer of unhappiness, and the greater part (we came upon a \
        good many people) were frankly and openly joyous.
        I thought I knew the Broadway by the lie of the roads that still met there. On the north side of the road \
        was a range of buildings and courts, low, but very handsomely built and ornamented, and in that way forming \
        a great contrast to the unpretentiousness of the houses round about; while above this lower building rose \
        the steep lead-covered roof and the buttresses and higher part of the wall of a great hall, of a splendid \
        and exuberant style of architecture, of which one can say little more than that it seemed to me to embrace \
        the best qualities of the Gothic of northern Europe with those of the Saracenic and Byzantine, though there \
        was no copying of any one of these styles. On the other, the south side, of the road was an octagonal \
        building with a high roof, not unlike the Baptistry at Florence in outline, except that it was surrounded by \
        a lean-to that clearly made an arcade or cloisters to it: it also was most delicately ornamented.
        This whole mass of architecture which we had come upon so suddenly from amidst the pleasant fields was not \
        only exquisitely beautiful in itself, but it bore upon it the expression of such generosity and abundance of \
        life that I was exhilarated to a pitch that I had never yet reached. I fairly chuckled for pleasure. My \
        friend seemed to understand it, and sat looking on me with a pleased and affectionate interest. We had \
        pulled up amongst a crowd of carts, wherein sat handsome healthy-looking people, men, women, and children \
        very gaily dressed, and which were clearly market carts, as they were full of very tempting-looking country \
        produce.
        I said, "I need not ask if this is a market, for I see clearly that it is; but what market is it that it is \
        so splendid? And what is the glorious hall there, and what is the building on the south side?"
        "O," said he, "it is just our Hammersmith market; and I am glad you like it so much, for we are really proud \
        of it. Of course the hall inside is our winter Mote-House; for in summer we mostly meet in the fields down \
        by the river opposite Barn Elms. The building on our right hand is our theatre: I hope you like it."
        "I should be a fool if I didn't," said I.
        He blushed a little as he said: "I am glad of that, too, because I had a hand in it; I made the great doors, \
        which are of damascened bronze. We will look at them later in the day, perhaps: but we ought to be getting \
        on now. As to the market, this is not one of our busy days; so we shall do better with it another time, \
        because you will see more people."
        I thanked him, and said: "Are these the regular country people? What very pretty girls there are amongst \
        them."
        As I spoke, my eye caught the face of a beautiful woman, tall, dark-haired, and white-skinned, dressed in a \
        pretty light-green dress in honour of the season and the hot day, who smiled kindly on me, and more kindly \
        still, I thought on Dick; so I stopped a minute, but presently went on:
        "I ask because I do not see any of the country-looking people I should have expected to see at a market--I \
        mean selling things there."
        "I don't understand," said he, "what kind of people you would expect to see; nor quite what you mean by \
        'country' people. These are the neighbours, and that like they run in the Thames valley. There are parts of \
        these islands which are rougher and rainier than we are here, and there people are rougher in their dress; \
        and they themselves are tougher and more hard-bitten than we are to look at. But some people like their \
        looks better than ours; they say they have more character in them--that's the word. Well, it's a matter of \
        taste.--Anyhow, the cross between us and them generally turns out well," added he, thoughtfully.
        I heard him, though my eyes were turned away from him, for that pretty girl was just disappearing through \
        the gate with her big basket of early peas, and I felt that disappointed kind of feeling which overtakes one \
        when one has seen an interesting or lovely face in the streets which one is never likely to see again; and I \
        was silent a little. At last I said: "What I mean is, that I haven't seen any poor people about--not one."
        He knit his brows, looked puzzled, and said: "No, naturally; if anybody is poorly, he is likely to be within \
        doors, or at best crawling about the garden: but I don't know of any one sick at present. Why should you \
        expect to see poorly people on the road?"
        "No, no," I said; "I don't mean sick people. I mean poor people, you know; rough people."
        "No," said he, smiling merrily, "I really do not know. The fact is, you must come along quick to my \
        great-grandfather, who will understand you better than I do. Come on, Greylocks!" Therewith he shook the \
        reins, and we jogged along merrily eastward.
        """
}
